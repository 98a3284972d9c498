import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { defaultRegistry } from '@prometer/core';
import { withCertificates } from '../../packages/http/test/certificates.ts';
import { compile } from './compile.ts';
import { has } from './configuration.ts';
import {
  all,
  blocksIn,
  documents,
  isServer,
  OF_SERVERS,
  read,
  sectionOf,
  sections,
  sectionsOf,
  titleOf,
  type Block,
  type Section,
} from './documents.ts';
import { programsOf, runSection, type Ran } from './run-section.ts';
import { expectShown } from './shown.ts';

const root = join(__dirname, '../..');

const titled = (section: Section): [string, Section] => [titleOf(section), section];

describe('The documents', () => {
  it('show nothing in a language that nobody checks', () => {
    const languages = new Set(sections.flatMap(({ blocks }) => blocks.map(({ language }) => language)));

    expect([...languages].toSorted()).toEqual(['js', 'promql', 'sh', 'text', 'ts', 'yaml']);
  });

  it('show no output that nobody compares', () => {
    const alone = sections.filter(
      (section) => blocksIn(section, 'text').length > 0 && blocksIn(section, 'js', 'ts').length === 0,
    );

    expect(alone.map(titleOf)).toEqual(OF_SERVERS);
  });

  it.each(documents)('link from %s to what there is', (file) => {
    const targets = Array.from(read(file).matchAll(/\]\(([^)\s]+)\)/g), ([, target]) => target as string);
    const missing = targets.filter((target) => {
      if (/^https?:/.test(target)) return false;
      const [path = '', anchor] = target.split('#');
      const linked = path === '' ? file : join(dirname(file), path);
      if (!existsSync(join(root, linked))) return true;
      return anchor !== undefined && !anchorsOf(read(linked)).includes(anchor);
    });

    expect(missing).toEqual([]);
  });

  it('have each guide in the README', () => {
    const guides = documents.filter((file) => file.startsWith('docs/'));

    expect(guides.filter((file) => !read('README.md').includes(`](${file})`))).toEqual([]);
  });

  it('have each example in the README', () => {
    const files = readdirSync(join(__dirname, '..')).filter((file) => /\.(?:c?js|ts|yml)$/.test(file));
    const examples = files.filter((file) => !file.startsWith('start'));

    expect(examples.length).toBeGreaterThan(0);
    expect(examples.filter((file) => !read('README.md').includes(`](examples/${file})`))).toEqual([]);
  });

  it('name in the README all packages, and nothing else, as theirs', () => {
    const packages = readdirSync(join(root, 'packages')).filter((name) =>
      existsSync(join(root, 'packages', name, 'src')),
    );
    const named = new Set(read('README.md').match(/@prometer\/[a-z]+/g));

    expect([...named].toSorted()).toEqual(
      packages.filter((name) => name !== 'bench').map((name) => `@prometer/${name}`),
    );
  });
});

const programs = sections
  .filter((section) => blocksIn(section, 'js', 'ts').some((block) => !isServer(block)))
  .flatMap(programsOf)
  .filter((section) => blocksIn(section, 'js', 'ts').length > 0);

describe('The code of', () => {
  let ran: Ran | undefined;

  beforeEach(() => defaultRegistry.clear());

  afterEach(async () => {
    await ran?.close();
    ran = undefined;
  });

  it.each(programs.filter(({ heading }) => heading !== 'TLS').map(titled))('%s works', async (_, section) => {
    ran = await runSection(section);

    expect(ran.metrics?.status).toBe(ran.expectedStatus);
    expect(ran.toStrangers).toBe(ran.expectedToStrangers);
    expect(ran.routes).toEqual(ran.expectedRoutes);
    for (const { text } of blocksIn(section, 'text')) expectShown(text, ran.shown);
    for (const { text } of blocksIn(section, 'sh')) {
      for (const line of text.split('\n').filter((command) => command.startsWith('curl '))) await curl(line, ran.ports);
    }
  });

  describe('docs/serving-metrics.md: TLS', () => {
    withCertificates(({ authority, server }) => {
      it('works with certificates', async () => {
        const files = { 'server.cert': server.cert, 'server.key': server.key, 'authority.cert': authority.cert };
        ran = await runSection(sectionOf('docs/serving-metrics.md', 'TLS'), files);

        expect(ran.ports.size).toBe(1);
      });
    });
  });

  it('a section is not run in vain: what is wrong with it is seen', async () => {
    const wrong = (text: string): Promise<Ran> =>
      runSection(sectionsOf('x.md', `# X\n\n\`\`\`js\n${text}\n\`\`\`\n`)[1] as Section);
    const counter = "import { Counter } from '@prometer/core';\nconst a = new Counter({ name: 'a', help: '' });\n";

    await expect(
      wrong("import { metricPlugin } from '@prometer/fastify';\napp.register(metricPlugin);"),
    ).rejects.toThrow('Plugin must be a function or a promise');
    await expect(wrong(`${counter}a.increase();`)).rejects.toThrow('a.increase is not a function');
    defaultRegistry.clear();
    await expect(wrong(`${counter}a.get(); // 1`)).rejects.toThrow('"value": 1');
  });
});

describe('TypeScript', () => {
  it('compiles all that is shown of it, and refuses what is said to be refused', () => {
    const blocks = [...all('ts'), ...tsExamples()];
    const { text } = (all('ts').find(([, block]) => block.text.includes('const jobs =')) as [string, Block])[1];
    const refused = `${text}\n// @ts-expect-error -- a label is missing\njobs.inc({ queue: 'mail' });\n`;
    const files = [...blocks.map(([, block]) => block.text), refused];

    expect(blocks.length).toBeGreaterThan(2);
    expect(compile(files)).toBe('');
  });

  it('compiles what is made of the environment to keep metrics private, though a variable may be missing', () => {
    const calls = all('js', 'ts').flatMap(([, { text }]) => text.match(/\b\w+Auth\([^()]*process\.env[^()]*\)/g) ?? []);
    const modules = calls.map((call) => `import { basicAuth, bearerAuth } from '@prometer/http';\n${call};`);

    expect(calls.length).toBeGreaterThan(3);
    expect(compile(modules)).toBe('');
  });

  it('is really asked', () => {
    expect(compile(["import { Count } from '@prometer/core';\nnew Count();\n"])).toContain('Count');
  });
});

/** Sends what a document sends, to the port at which its server really is; fails if the answer is no success. */
async function curl(command: string, ports: ReadonlyMap<number, number>): Promise<void> {
  const there = command.replace(/localhost:(\d+)/, (_, port: string) => `127.0.0.1:${ports.get(Number(port))}`);
  if (has('curl')) await promisify(execFile)('sh', ['-c', there.replace(/^curl /, 'curl -fsS ')]);
}

/** GitHub's anchors of the headings. */
function anchorsOf(text: string): string[] {
  return Array.from(text.matchAll(/^#+ (.+)$/gm), ([, heading]) =>
    (heading as string)
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

function tsExamples(): [string, Block][] {
  const folder = join(__dirname, '..');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => [file, { at: file, language: 'ts', text: readFileSync(join(folder, file), 'utf8') }]);
}

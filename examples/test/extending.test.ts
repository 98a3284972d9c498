import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { codeIn, read } from './documents.ts';

const root = join(__dirname, '../..');
const CORE = 'packages/core/src/';

/** Where a file is that is named by less than its path. */
const FOLDERS = ['', CORE, 'packages/http/test/'];

/** What CONTRIBUTING.md has under a heading. */
function sectionOf(heading: string): string {
  const [, section = ''] = read('CONTRIBUTING.md').split(`\n## ${heading}\n`);
  return section.split('\n## ')[0]?.replace(/^```[\s\S]*?^```$/gm, '') as string;
}

/** All files that a section names; `a/{b,c}` are two, and NAME is a package. */
function pathsIn(section: string): string[] {
  return codeIn(section.replaceAll('\n', ' '))
    .flatMap((code) => {
      const [, before = '', names] = /^(.*)\{(.*)\}$/.exec(code) ?? [];
      return names?.split(',').map((name) => before + name) ?? [code];
    })
    .filter((code) => /^[\w./-]+\.(?:ts|c?js|mjs|json|yaml|md)$/.test(code))
    .map((path) => path.replace('NAME', 'fastify'))
    .map((path) => FOLDERS.map((folder) => folder + path).find((file) => existsSync(join(root, file))) ?? path);
}

function filesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((file) => !file.includes('node_modules'));
}

const knows = (file: string, ...words: RegExp[]): boolean => {
  const text = readFileSync(join(root, file), 'utf8');
  return words.every((word) => word.test(text));
};

describe('What CONTRIBUTING.md says of a new kind of metric', () => {
  const named = pathsIn(sectionOf('How to add a kind of metric'));

  it('names files that there are', () => {
    expect(named.length).toBeGreaterThan(15);
    expect(named.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });

  it('names each file that knows a state set, as it would have to know the new one', () => {
    const all = [...filesIn(CORE), ...filesIn('.ci')].filter((file) => knows(file, /state-?set/i));
    const docs = ['docs/your-own-metrics.md'].filter((file) => knows(file, /stateset/i));

    expect(all.length).toBeGreaterThan(15);
    expect([...all, ...docs].filter((file) => !named.includes(file))).toEqual([]);
  });

  it('names the view of a series with labels of its registry, which has what all types have', () => {
    expect(knows(`${CORE}gather/constant-labels.ts`, /get states\(\)/)).toBe(true);
    expect(named).toContain(`${CORE}gather/constant-labels.ts`);
  });
});

describe('What CONTRIBUTING.md says of a new adapter', () => {
  const named = pathsIn(sectionOf('How to add an adapter'));

  it('names files that there are', () => {
    expect(named.length).toBeGreaterThan(15);
    expect(named.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });

  it('names each file of the checks and the settings that knows both adapters there are', () => {
    const settings = ['jest.config.js', 'pnpm-workspace.yaml', 'packages/tsconfig.json', 'examples/package.json'];
    const all = [...filesIn('.ci'), ...settings].filter((file) => knows(file, /\bexpress\b/i, /\bfastify\b/i));

    expect(all.length).toBeGreaterThan(10);
    expect(all.filter((file) => !named.includes(file))).toEqual([]);
  });

  it('names each file that one of them has, beside its sources and its tests', () => {
    const all = readdirSync(join(root, 'packages/fastify')).filter(
      (name) => name !== 'dist' && name !== 'node_modules',
    );
    const of = named.filter((file) => file.startsWith('packages/fastify/')).map((file) => file.split('/')[2]);

    expect(of).toEqual(expect.arrayContaining(all));
    expect(named.map((file) => dirname(file))).toContain('.ci/consumer/types');
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A piece of code, configuration or output that a document shows. */
export interface Block {
  language: string;
  text: string;
  /** Where it begins: the file and the line. */
  at: string;
}

/** What stands under one heading, without what stands under headings below it. */
export interface Section {
  file: string;
  heading: string;
  blocks: Block[];
}

const root = join(__dirname, '../..');

/** The README, the guides and the packages' own READMEs, by their paths from the root. */
export const documents: readonly string[] = [
  'README.md',
  ...readdirSync(join(root, 'docs')).map((file) => `docs/${file}`),
  ...readdirSync(join(root, 'packages'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `packages/${name}/README.md`),
];

/** What a document says; its path is from the root. */
export function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

export function sectionsOf(file: string, text: string = read(file)): Section[] {
  const sections: Section[] = [{ file, heading: '', blocks: [] }];
  let block: Block | undefined;
  for (const [i, line] of text.split('\n').entries()) {
    const { blocks } = sections.at(-1) as Section;
    if (block !== undefined && line === '```') block = undefined;
    else if (block !== undefined) block.text += `${line}\n`;
    else if (line.startsWith('```')) {
      block = { language: line.slice(3), text: '', at: `${file}:${i + 1}` };
      blocks.push(block);
    } else if (/^#+ /.test(line)) sections.push({ file, heading: line.replace(/^#+ /, ''), blocks: [] });
  }
  return sections;
}

/** All sections of all documents that show anything. */
export const sections: readonly Section[] = documents
  .flatMap((file) => sectionsOf(file))
  .filter(({ blocks }) => blocks.length > 0);

export function sectionOf(file: string, heading: string): Section {
  const found = sections.find((section) => section.file === file && section.heading === heading);
  if (found === undefined) throw new Error(`${file} has no section ${JSON.stringify(heading)} that shows anything`);
  return found;
}

export function blocksIn({ blocks }: Section, ...languages: string[]): Block[] {
  return blocks.filter(({ language }) => languages.includes(language));
}

export function titleOf({ file, heading }: Section): string {
  return `${file}: ${heading}`;
}

/** All blocks in some languages, each with where it is. */
export function all(...languages: string[]): [at: string, block: Block][] {
  return sections.flatMap((section) => blocksIn(section, ...languages)).map((block) => [block.at, block]);
}

/** The sections whose commands and output are those of whole programs elsewhere. */
export const OF_SERVERS: readonly string[] = ['README.md: See what you get'];

/** A whole program, which serves at a port until it is ended. */
export function isServer({ text }: Block): boolean {
  return text.includes('app.listen(');
}

/** The rows of a section's first table, each as its cells; without the head. */
export function tableOf(file: string, heading: string): string[][] {
  const lines = read(file).split('\n');
  const start = lines.findIndex((line) => line.replace(/^#+ /, '') === heading && line.startsWith('#'));
  const from = lines.findIndex((line, i) => i > start && line.startsWith('|'));
  const rows: string[][] = [];
  for (let i = from + 2; lines[i]?.startsWith('|'); i++) {
    rows.push(
      (lines[i] as string)
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  }
  return rows;
}

/** What stands in a cell as code. */
export function codeIn(cell = ''): string[] {
  return Array.from(cell.matchAll(/`([^`]+)`/g), ([, code]) => code as string);
}

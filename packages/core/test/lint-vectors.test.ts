import { lintFamilies, type LintedFamily, type LintFinding } from '../src/lint.ts';
import { readVectors, withVectors } from './vectors-folder.ts';

// What promlint finds in the same input.
withVectors(() => {
  interface Case {
    name: string;
    input: string;
    problems: LintFinding[];
  }
  const { cases } = readVectors('promlint.json') as { cases: Case[] };

  describe('Linting finds what promlint does', () => {
    it.each(cases)('$name', ({ input, problems }) => {
      expect(lintFamilies(parse(input))).toEqual(problems);
    });
  });
});

/** The part of text format 0.0.4 that occurs there: no escapes and no braces in label values. */
function parse(text: string): LintedFamily[] {
  const helps = new Map<string, string>();
  const families: { name: string; type: string; series: Map<string, [name: string, value: string][]> }[] = [];
  for (const line of text.split('\n').filter((line) => line !== '')) {
    const [, keyword, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) ?(.*)$/.exec(line) ?? [];
    if (keyword === 'HELP') helps.set(name, rest);
    else if (keyword === 'TYPE') families.push({ name, type: rest, series: new Map() });
    else addSample(line, families.at(-1));
  }
  return families.map(({ name, type, series }) => ({
    name,
    help: helps.get(name),
    type: type === 'untyped' ? 'unknown' : (type as LintedFamily['type']),
    series: Array.from(series.values(), (labels) => ({
      labelNames: labels.map(([label]) => label),
      labelValues: labels.map(([, value]) => value),
    })),
  }));

  function addSample(line: string, family: (typeof families)[number] | undefined): void {
    const [, inBraces = ''] = /^[\w:]+(?:\{(.*)\})? \S+$/.exec(line) ?? [];
    if (family === undefined) throw new Error(`No family for: ${line}`);
    // The samples of one histogram or summary are one series, those of the other types are one each.
    const own = { histogram: 'le', summary: 'quantile' }[family.type];
    const labels = [...inBraces.matchAll(/(\w+)="([^"]*)"/g)]
      .map(([, name = '', value = '']): [string, string] => [name, value])
      .filter(([name]) => name !== own);
    family.series.set(own === undefined ? String(family.series.size) : JSON.stringify(labels), labels);
  }
}

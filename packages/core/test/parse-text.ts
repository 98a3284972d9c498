export interface ParsedFamily {
  name: string;
  help: string;
  type: string;
  samples: { name: string; labels: [name: string, value: string][]; value: number; timestamp?: number }[];
}

const SUFFIXES: Record<string, string[]> = {
  counter: [''],
  gauge: [''],
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
  untyped: [''],
};

/** Reads text format 0.0.4 as strictly as it is written here: HELP, TYPE and samples, one space between, nothing else. */
export function parseText(text: string): ParsedFamily[] {
  if (text === '') return [];
  if (!text.endsWith('\n')) throw new Error('The last line does not end.');
  const families: ParsedFamily[] = [];
  for (const line of text.slice(0, -1).split('\n')) {
    const family = families.at(-1);
    const [, name, help] = /^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$/s.exec(line) ?? [];
    if (name !== undefined) {
      if (families.some((other) => other.name === name)) throw new Error(`Two families ${name}.`);
      families.push({ name, help: unescape(help as string, /\\([\\n])/g), type: '', samples: [] });
    } else if (family === undefined) {
      throw new Error(`No family for: ${line}`);
    } else if (family.type === '') {
      const [, type] = new RegExp(`^# TYPE ${family.name} (counter|gauge|histogram|summary|untyped)$`).exec(line) ?? [];
      if (type === undefined) throw new Error(`No TYPE: ${line}`);
      family.type = type;
    } else {
      const sample = parseSample(line);
      if (
        !SUFFIXES[family.type]?.includes(sample.name.slice(family.name.length)) ||
        !sample.name.startsWith(family.name)
      ) {
        throw new Error(`Not of family ${family.name}: ${line}`);
      }
      family.samples.push(sample);
    }
  }
  return families;
}

function parseSample(line: string): ParsedFamily['samples'][number] {
  const [, name, , inBraces, value, timestamp] =
    /^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{((?:[a-zA-Z_]\w*="(?:[^"\\]|\\[\\"n])*",?)+)\})? (\S+)(?: (-?\d+))?$/s.exec(line) ??
    [];
  if (name === undefined || inBraces?.endsWith(',')) throw new Error(`No sample: ${line}`);
  const labels = [...(inBraces ?? '').matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/gs)].map(
    ([, label, text]): [string, string] => [label as string, unescape(text as string, /\\([\\"n])/g)],
  );
  const parsed = { name, labels, value: parseNumber(value as string) };
  return timestamp === undefined ? parsed : { ...parsed, timestamp: Number(timestamp) };
}

function unescape(text: string, escape: RegExp): string {
  return text.replace(escape, (_, char: string) => (char === 'n' ? '\n' : char));
}

function parseNumber(text: string): number {
  if (!/^(-?\d+(\.\d+)?(e[+-]\d{2,3})?|NaN|[+-]Inf)$/.test(text)) throw new Error(`No number: ${text}`);
  return Number(text.replace('Inf', 'Infinity'));
}

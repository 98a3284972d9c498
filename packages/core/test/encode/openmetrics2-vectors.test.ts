import { formatBound, formatNumber } from '../../src/encode/numbers.ts';
import { openMetrics2Pieces } from './encoded.ts';
import { type OpenMetrics2Options } from '../../src/encode/openmetrics2.ts';
import type { Exemplar, FamilyView, MetricType, NativeHistogram } from '../../src/model.ts';
import { numberOf, readVectors, withVectors } from '../vectors-folder.ts';

interface GoCase {
  name: string;
  family: { name: string; help?: string; type: string; unit?: string; metrics: GoMetric[] };
  expect: string;
}

interface GoMetric {
  labels: Label[];
  timestampMs?: number;
  counter?: {
    value: number;
    created?: { Seconds: number; Nanos?: number };
    exemplar?: { labels: Label[]; value: number | string; timestamp?: { seconds?: number; Seconds?: number } & Nanos };
  };
  gauge?: { value: number };
  untyped?: { value: number };
}

interface Nanos {
  nanos?: number;
  Nanos?: number;
}

type Label = readonly [name: string, value: string];

interface Example {
  section: string;
  sentence: string;
  valid: boolean;
  input: string;
}

/** What Go writes otherwise: its times are integers, ours are a double, as everywhere in JavaScript. */
const OTHERWISE: Readonly<Record<string, readonly [theirs: string, ours: string]>> = {
  CounterWithSubsecondCreatedTimestamp: ['1234567890.987654321', '1234567890.9876542'],
};

/** What we can't make: a series has its values of one time. */
const cannotBe = ({ sentence }: Example): boolean => sentence.endsWith('multiple Samples within each Metric:');

withVectors(() => {
  const { cases } = readVectors('openmetrics_2_0_encode.json') as { cases: GoCase[] };

  describe("OpenMetrics 2.0, Go's cases", () => {
    it.each(cases)('$name', ({ name, family, expect: text }) => {
      const [theirs, ours] = OTHERWISE[name] ?? ['', ''];
      expect(text).toContain(theirs);
      expect(textOf([viewOfGo(family)], { escaping: 'allow-utf-8' })).toBe(`${text.replace(theirs, ours)}# EOF\n`);
    });

    it('are written otherwise where that is said only', () => {
      expect(Object.keys(OTHERWISE).filter((name) => !cases.some((each) => each.name === name))).toEqual([]);
    });
  });

  describe('OpenMetrics 2.0, the examples of the specification', () => {
    const { 'openmetrics-2.0-rc0': examples } = readVectors('openmetrics_spec_examples.json') as {
      'openmetrics-2.0-rc0': Example[];
    };
    const made = examples.filter((each) => each.valid && !cannotBe(each));
    const wrong = (what: string): Example =>
      examples.find(({ valid, sentence }) => !valid && sentence.includes(what)) as Example;

    it.each(made)('$section: $sentence', ({ input }) => {
      const invalid: string[] = [];
      const onInvalid = (_: FamilyView, reason: string): number => invalid.push(reason);
      const blocks = blocksOf(input);
      expect(textOf(blocks.map(viewOfBlock), { escaping: 'allow-utf-8', onInvalid })).toBe(asWeWriteIt(blocks));
      expect(invalid).toEqual([]);
    });

    it('cannot be made in one case only', () => {
      expect(examples.filter((each) => each.valid && cannotBe(each))).toHaveLength(1);
      expect(examples.filter(({ valid }) => !valid)).toHaveLength(3);
    });

    it('have a name with quotes here and without them there where that is wrong, which is never made', () => {
      const { input } = wrong('violate this');
      expect(textOf(blocksOf(input).map(viewOfBlock), { escaping: 'allow-utf-8' })).toBe(
        '# HELP read_errors_total The number of errors in the read path for fooDb.\n' +
          '# TYPE read_errors_total counter\n' +
          'read_errors_total{"service.name"="my_service"} 3482\n' +
          'read_errors_total{"service.name"="my_service2"} 123\n# EOF\n',
      );
    });

    it.each(['MetricGroups are interleaved', 'Metrics are interleaved'])(
      'have states of several series in turn where %s, which is never made',
      (what) => {
        const text = textOf(blocksOf(wrong(what).input).map(viewOfBlock));
        const groups = text
          .split('\n')
          .flatMap((line) => /^foo\{(.*),foo="(?:a|bb|ccc)"\} [01]$/.exec(line)?.[1] ?? []);
        const distinct = [...new Set(groups)];
        expect(distinct.length).toBeGreaterThan(1);
        expect(groups).toEqual(distinct.flatMap((each) => [each, each, each]));
      },
    );
  });
});

function textOf(families: FamilyView[], options?: OpenMetrics2Options): string {
  return Buffer.concat([...openMetrics2Pieces(families, options)]).toString();
}

const TYPES: Readonly<Record<string, MetricType>> = { UNTYPED: 'unknown' };

function viewOfGo({ name, help = '', type, unit, metrics }: GoCase['family']): FamilyView {
  const series = metrics.map(({ labels, timestampMs: timestamp, counter, gauge, untyped }) => {
    const { created, exemplar } = counter ?? {};
    return {
      ...labelled(labels),
      timestamp,
      created: created && created.Seconds + (created.Nanos ?? 0) / 1e9,
      value: (counter ?? gauge ?? untyped)?.value,
      exemplar: exemplar && {
        labels: Object.fromEntries(exemplar.labels),
        value: numberOf(exemplar.value),
        ...(exemplar.timestamp && { timestamp: secondsOf(exemplar.timestamp) }),
      },
    };
  });
  const given = TYPES[type] ?? type.toLowerCase();
  return { name: ownName(name, given), help, type: given, unit, series } as unknown as FamilyView;
}

function secondsOf({ seconds, Seconds, nanos, Nanos }: { seconds?: number; Seconds?: number } & Nanos): number {
  return ((seconds ?? Seconds) as number) + (nanos ?? Nanos ?? 0) / 1e9;
}

/** Without what the names of its samples end in. */
function ownName(name: string, type: string): string {
  return name.replace(type === 'counter' ? /_total$/ : type === 'info' ? /_info$/ : /$^/, '');
}

function labelled(labels: readonly Label[]): object {
  const labelNames = labels.map(([name]) => name);
  const labelValues = labels.map(([, value]) => value);
  return { labelNames, labelValues };
}

/** A family of an example; its texts are still escaped. */
interface Block {
  name: string;
  TYPE: MetricType;
  HELP: string;
  UNIT?: string;
  samples: Sample[];
}

interface Sample {
  labels: Label[];
  value: string;
  time?: string;
  start?: string;
  exemplars: [labels: string, value: string, time: string][];
}

const QUOTED = String.raw`"(?:[^"\\]|\\.)*"`;
const BRACES = String.raw`\{(?:[^"}]|${QUOTED})*\}`;
const SAMPLE = new RegExp(
  String.raw`^([\w:]*)(${BRACES})? (${BRACES}|\S+)(?: ([\d.]+))?(?: st@(\S+))?((?: # ${BRACES} \S+ \S+)*)$`,
);
const LABEL = new RegExp(String.raw`(${QUOTED}|\w+)(?:=(${QUOTED}))?`, 'g');
const EXEMPLAR = new RegExp(String.raw` # (${BRACES}) (\S+) (\S+)`, 'g');
const METADATA = new RegExp(String.raw`^# (TYPE|HELP|UNIT) (${QUOTED}|\S+) (.*)$`);

/** The families of an example; a counter's name ends in `_total`, as it always does here. */
function blocksOf(text: string): Block[] {
  const blocks = new Map<string, Block>();
  const counters = new Set(Array.from(text.matchAll(/^# TYPE "?(.+?)"? counter$/gm), ([, name]) => name as string));
  const blockOf = (given: string): Block => {
    const name = counters.has(given) && !given.endsWith('_total') ? `${given}_total` : given;
    const block = blocks.get(name) ?? { name, TYPE: 'unknown', HELP: '', samples: [] };
    blocks.set(name, block);
    return block;
  };
  for (const line of text.split('\n').slice(0, -2)) {
    const [, kind, named = '', said] = METADATA.exec(line) ?? [];
    if (kind !== undefined) {
      Object.assign(blockOf(withoutQuotes(named)), { [kind]: said });
      continue;
    }
    const [, bare = '', braces = '', value = '', time, start, exemplars = ''] = SAMPLE.exec(line) as string[];
    const [first, ...rest] = labelsIn(braces);
    const isNamed = bare === '';
    blockOf(isNamed ? (first as Label)[0] : bare).samples.push({
      labels: isNamed || first === undefined ? rest : [first, ...rest],
      value,
      ...(time !== undefined && { time }),
      ...(start !== undefined && { start }),
      exemplars: Array.from(exemplars.matchAll(EXEMPLAR), ([, labels = '', of = '', at = '']) => [labels, of, at]),
    });
  }
  return [...blocks.values()];
}

function labelsIn(braces: string): Label[] {
  return Array.from(braces.matchAll(LABEL), ([, name = '', value = '""']) => [
    withoutQuotes(name),
    withoutQuotes(value),
  ]);
}

/**
 * Where we differ on purpose from what the specification shows: HELP, TYPE and UNIT come in this order, as in Go's
 * encoder, and there is always a TYPE; numbers are those of Go, a bound has the text that it has as a label in the other
 * formats; names have quotes only where they need them.
 */
function asWeWriteIt(blocks: Block[]): string {
  const lines = blocks.flatMap(({ name, TYPE, HELP, UNIT, samples }) => {
    const isBare = /^[a-zA-Z_:][\w:]*$/.test(name);
    const written = isBare ? name : `"${name}"`;
    return [
      ...(HELP === '' ? [] : [`# HELP ${written} ${HELP}`]),
      `# TYPE ${written} ${TYPE}`,
      ...(UNIT === undefined ? [] : [`# UNIT ${written} ${UNIT}`]),
      ...samples.map(({ labels, value, time, start, exemplars }) => {
        const inBraces = [
          ...(isBare ? [] : [written]),
          ...labels.map(([label, text]) => `${/^[a-zA-Z_]\w*$/.test(label) ? label : `"${label}"`}="${text}"`),
        ].join();
        return [
          `${isBare ? name : ''}${inBraces === '' ? '' : `{${inBraces}}`} ${withOurNumbers(value)}`,
          ...(time === undefined ? [] : [Number(time)]),
          ...(start === undefined ? [] : [`st@${Number(start)}`]),
          ...exemplars.map(([said, of, at]) => `# ${said} ${formatNumber(numberOf(of))} ${Number(at)}`),
        ].join(' ');
      }),
    ];
  });
  return [...lines, '# EOF\n'].join('\n');
}

function withOurNumbers(value: string): string {
  if (!value.startsWith('{')) return formatNumber(numberOf(value));
  return value.replace(/(?<=[:[,])[-+.\w]+(?=[\]:,}])/g, (text, at: number) => {
    if (/^[a-z_]+$/.test(text)) return text;
    const isBound = value[at + text.length] === ':' && /(?:bucket|quantile):\[[^\]]*$/.test(value.slice(0, at));
    return isBound ? formatBound(numberOf(text)) : formatNumber(numberOf(text));
  });
}

function viewOfBlock({ name, TYPE: type, HELP, UNIT: unit, samples }: Block): FamilyView {
  return {
    name: unescape(ownName(name, type)),
    help: unescape(HELP),
    type,
    ...(unit !== undefined && { unit }),
    series: type === 'stateset' ? statesOf(name, samples) : samples.map((each) => seriesOf(each, type)),
  } as unknown as FamilyView;
}

/** The samples that differ in nothing but their state are one series. */
function statesOf(name: string, samples: Sample[]): object[] {
  const groups = new Map<string, { labels: Label[]; states: Record<string, boolean> }>();
  for (const { labels, value } of samples) {
    const others = labels.filter(([label]) => label !== name);
    const state = (labels.find(([label]) => label === name) as Label)[1];
    const key = JSON.stringify(others);
    const group = groups.get(key) ?? { labels: others, states: {} };
    groups.set(key, group);
    group.states[state] = Number(value) === 1;
  }
  return Array.from(groups.values(), ({ labels, states }) => ({ ...labelled(labels), states }));
}

function seriesOf({ labels, value, time, start, exemplars }: Sample, type: MetricType): object {
  const marked: Exemplar[] = exemplars.map(([said, of, at]) => ({
    labels: Object.fromEntries(labelsIn(said)),
    value: Number(of),
    timestamp: Number(at),
  }));
  const base = {
    ...labelled(labels.map(([label, text]) => [unescape(label), unescape(text)])),
    ...(time !== undefined && { timestamp: Number(time) * 1000 }),
    ...(start !== undefined && { created: Number(start) }),
  };
  if (type !== 'summary' && type !== 'histogram' && type !== 'gaugehistogram')
    return { ...base, value: numberOf(value), exemplar: marked[0] };
  const fields = new Map(
    Array.from(value.matchAll(/(\w+):(\[[^\]]*\]|[^,}]+)/g), ([, field = '', of = '']) => [field, of] as const),
  );
  const [count, sum] = ['count', 'sum'].map((field) => Number(fields.get(field) ?? fields.get(`g${field}`)));
  const pairs = pairsIn(fields.get(type === 'summary' ? 'quantile' : 'bucket'));
  if (type === 'summary')
    return { ...base, count, sum, quantiles: pairs.map(([quantile, of]) => ({ quantile, value: of })) };
  const isClassic = pairs.length > 0;
  return {
    ...base,
    sum,
    upperBounds: pairs.slice(0, -1).map(([bound]) => bound),
    bucketCounts: isClassic ? pairs.map(([, of], i) => of - (pairs[i - 1]?.[1] ?? 0)) : [count],
    exemplars: isClassic ? marked : undefined,
    native: nativeOf(fields, isClassic ? [] : marked),
  };
}

function nativeOf(fields: ReadonlyMap<string, string>, exemplars: Exemplar[]): NativeHistogram | undefined {
  if (!fields.has('schema')) return undefined;
  const [schema, zeroThreshold, zeroCount] = ['schema', 'zero_threshold', 'zero_count'].map((field) =>
    Number(fields.get(field)),
  ) as [number, number, number];
  const spansOf = (side: string): NativeHistogram['positiveSpans'] =>
    pairsIn(fields.get(`${side}_spans`)).map(([offset, length]) => ({ offset, length }));
  const deltasOf = (side: string): number[] => {
    const counts = (fields.get(`${side}_buckets`) ?? '[]').match(/[\d.]+/g)?.map(Number) ?? [];
    return counts.map((count, i) => count - (counts[i - 1] ?? 0));
  };
  return {
    schema,
    zeroThreshold,
    zeroCount,
    positiveSpans: spansOf('positive'),
    positiveDeltas: deltasOf('positive'),
    negativeSpans: spansOf('negative'),
    negativeDeltas: deltasOf('negative'),
    exemplars,
  };
}

function pairsIn(list = ''): [number, number][] {
  return Array.from(list.matchAll(/([-+.\w]+):([-+.\w]+)/g), ([, a = '', b = '']) => [numberOf(a), numberOf(b)]);
}

function withoutQuotes(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1) : text;
}

function unescape(text: string): string {
  return text.replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char));
}

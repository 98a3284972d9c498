import { formatBound, formatNumber } from '../../src/encode/numbers.ts';
import { openMetricsPieces } from './encoded.ts';
import { type OpenMetricsOptions } from '../../src/encode/openmetrics.ts';
import type { Exemplar, FamilyView, MetricType } from '../../src/model.ts';
import { numberOf, readVectors, withVectors } from '../vectors-folder.ts';

type Num = number | string;

interface Time {
  seconds: number;
  nanos: number;
}

interface Metric {
  labels: [name: string, value: string][];
  timestampMs?: number;
  counter?: { value: Num; created?: Time; exemplar?: GoExemplar };
  gauge?: { value: Num };
  untyped?: { value: Num };
  summary?: { sampleCount: number; sampleSum: number; quantiles: [quantile: number, value: Num][]; created?: Time };
  histogram?: {
    sampleCount?: number;
    sampleCountFloat?: number;
    sampleSum: number;
    buckets: { upperBound: Num; cumulativeCount?: number; cumulativeCountFloat?: number; exemplar?: GoExemplar }[];
    created?: Time;
  };
}

interface GoExemplar {
  labels: [name: string, value: string][];
  value: number;
  timestamp?: Time;
}

interface Case {
  name: string;
  withCreatedLines?: boolean;
  family: { name?: string; help?: string; type: string; unit?: string; metrics: Metric[] };
  expect?: string;
}

/** What Go writes and we leave out. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  'TestCreateOpenMetrics#16': 'its unit is no suffix of its name, for which Prometheus refuses the whole document',
  'TestOpenMetricsCreateError#0': 'it has no name',
  'TestOpenMetricsCreateError#1': 'a counter has no value',
};

/** What Go refuses and we write. */
const WRITTEN = ['TestOpenMetricsCreateError#2'];

interface Example {
  section: string;
  valid: boolean;
  input: string;
}

withVectors(() => {
  const { cases } = readVectors('openmetrics_1_0_encode.json') as { cases: Case[] };

  describe("OpenMetrics 1.0, Go's cases", () => {
    it.each(cases.filter(({ name }) => !(name in LEFT_OUT) && !WRITTEN.includes(name)))(
      '$name',
      ({ family, withCreatedLines, expect: text }) => {
        expect(textOf([viewOfGo(family)], { escaping: 'allow-utf-8', created: withCreatedLines })).toBe(
          `${asWeWriteIt(text as string, family)}# EOF\n`,
        );
      },
    );

    it.each(cases.filter(({ name }) => name in LEFT_OUT))('$name is left out', ({ family }) => {
      const onInvalid = jest.fn();
      expect(textOf([viewOfGo(family)], { onInvalid })).toBe('# EOF\n');
      expect(onInvalid).toHaveBeenCalledTimes(1);
    });

    it.each(cases.filter(({ name }) => WRITTEN.includes(name)))(
      '$name counts integers, and is written',
      ({ family }) => {
        expect(textOf([viewOfGo(family)])).toMatch(/_gcount 2693\n# EOF\n$/);
      },
    );
  });

  describe('OpenMetrics 1.0, the examples of the specification', () => {
    const { 'openmetrics-1.0': examples } = readVectors('openmetrics_spec_examples.json') as {
      'openmetrics-1.0': Example[];
    };
    // A summary shows its sum and count always, an exemplar without labels never; the last of these has two spaces too.
    const cannotBe = ({ input }: Example): boolean => /# TYPE foo summary\nfoo\{/.test(input) || input.includes('# {}');
    const made = examples.filter((each) => each.valid && !cannotBe(each));

    it.each(made)('$section: $sentence', ({ input }) => {
      const invalid: string[] = [];
      const onInvalid = (_: FamilyView, reason: string): number => invalid.push(reason);
      expect(linesOf(textOf(familiesOf(input), { created: true, onInvalid }))).toEqual(linesOf(input));
      expect(invalid).toEqual([]);
    });

    it('cannot be made in two cases only', () => {
      expect(examples.filter((each) => each.valid && cannotBe(each))).toHaveLength(2);
    });
  });
});

function textOf(families: FamilyView[], options?: OpenMetricsOptions): string {
  return Buffer.concat([...openMetricsPieces(families, options)]).toString();
}

/** Where we differ on purpose: numbers, a HELP always, `_total` on every counter, and the suffixes of gauge histograms. */
function asWeWriteIt(text: string, { name = '', help, type }: Case['family']): string {
  const lines = text
    .split('\n')
    .map((line) => (line.startsWith('#') ? line : line.replace(/ (-?\d+)\.0(?= |$)/g, ' $1')));
  if (help === undefined) lines.unshift(`# HELP ${name} `);
  const written = lines.join('\n');
  if (type === 'GAUGE_HISTOGRAM') return written.replace(/^(\w+)_(sum|count) /gm, '$1_g$2 ');
  if (type !== 'COUNTER' || name.endsWith('_total')) return written;
  return written.replace(/ unknown$/m, ' counter').replace(new RegExp(`^(\\{"|)${name}(?=["{ ])`, 'gm'), '$&_total');
}

const TYPES: Readonly<Record<string, MetricType>> = { UNTYPED: 'unknown', GAUGE_HISTOGRAM: 'gaugehistogram' };

function viewOfGo({ name = '', help = '', type, unit, metrics }: Case['family']): FamilyView {
  const series = metrics.map((metric) => {
    const { counter, gauge, untyped, summary, histogram, timestampMs: timestamp } = metric;
    const labels = labelled(metric.labels);
    const { value } = (type === 'COUNTER' ? counter : (gauge ?? untyped)) ?? {};
    const created = secondsOf((counter ?? summary ?? histogram)?.created);
    const base = { ...labels, timestamp, created };
    if (summary !== undefined) {
      const quantiles = summary.quantiles.map(([quantile, each]) => ({ quantile, value: numberOf(each) }));
      return { ...base, count: summary.sampleCount, sum: summary.sampleSum, quantiles };
    }
    if (histogram !== undefined) {
      const finite = histogram.buckets.filter(({ upperBound }) => upperBound !== '+Inf');
      const cumulative = finite.map((each) => (each.cumulativeCount ?? each.cumulativeCountFloat) as number);
      const count = (histogram.sampleCount ?? histogram.sampleCountFloat) as number;
      return {
        ...base,
        sum: histogram.sampleSum,
        upperBounds: finite.map(({ upperBound }) => upperBound),
        bucketCounts: [...cumulative, count].map((each, i) => each - (cumulative[i - 1] ?? 0)),
        exemplars: finite.map(({ exemplar }) => exemplarOf(exemplar)),
      };
    }
    return {
      ...base,
      value: value === undefined ? undefined : numberOf(value),
      exemplar: exemplarOf(counter?.exemplar),
    };
  });
  const given = TYPES[type] ?? type.toLowerCase();
  // A counter's `_total` belongs to its sample.
  const own = given === 'counter' ? name.replace(/_total$/, '') : name;
  return { name: own, help, type: given, unit, series } as unknown as FamilyView;
}

function exemplarOf(given: GoExemplar | undefined): Exemplar | undefined {
  if (given === undefined) return undefined;
  const timestamp = secondsOf(given.timestamp);
  return {
    labels: Object.fromEntries(given.labels),
    value: given.value,
    ...(timestamp !== undefined && { timestamp }),
  };
}

function secondsOf(time: Time | undefined): number | undefined {
  return time === undefined ? undefined : time.seconds + time.nanos / 1e9;
}

function labelled(labels: [name: string, value: string][]): object {
  const labelNames = labels.map(([name]) => name);
  const labelValues = labels.map(([, value]) => value);
  return { labelNames, labelValues };
}

const SAMPLE = /^([\w:]+)(?:\{(.*)\})? (\S+)(?: (\S+))?$/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** The lines of a document, sorted, with numbers as we write them and without what says nothing. */
function linesOf(text: string): string[] {
  const lines = text.split('\n').map((line) => {
    const [, name, labels = '', value, time] = SAMPLE.exec(line) ?? [];
    if (name === undefined) return line;
    const written = labels.replace(
      /(le|quantile)="(.+)"/,
      (_, label: string, bound: string) => `${label}="${formatBound(numberOf(bound))}"`,
    );
    const numbers = [value, time].filter((each) => each !== undefined).map((each) => formatNumber(numberOf(each)));
    return `${name}{${written}} ${numbers.join(' ')}`;
  });
  return lines.filter((line) => !/^# (HELP \w+ $|TYPE \w+ unknown$)/.test(line)).toSorted();
}

interface Sample {
  suffix: string;
  labels: [name: string, value: string][];
  value: number;
  timestamp: number | undefined;
}

/** The families of a document without exemplars. */
function familiesOf(text: string): FamilyView[] {
  const families = new Map<string, { type: MetricType; help: string; unit?: string; samples: Sample[] }>();
  const familyOf = (name: string): { type: MetricType; help: string; unit?: string; samples: Sample[] } => {
    const family = families.get(name) ?? { type: 'unknown', help: '', samples: [] };
    families.set(name, family);
    return family;
  };
  for (const line of text.split('\n').slice(0, -2)) {
    const [, kind, metaName = '', said = ''] = /^# (TYPE|HELP|UNIT) (\S+) (.*)$/.exec(line) ?? [];
    if (kind === undefined) {
      const [, name = '', given = '', value = '', time] = SAMPLE.exec(line) ?? [];
      const owner = [...families.keys()].findLast((each) => name === each || name.startsWith(`${each}_`)) ?? name;
      const labels = [...given.matchAll(LABEL)].map(([, label = '', text = '']): [string, string] => [
        label,
        unescape(text),
      ]);
      const timestamp = time === undefined ? undefined : Number(time) * 1000;
      familyOf(owner).samples.push({ suffix: name.slice(owner.length), labels, value: numberOf(value), timestamp });
    } else {
      Object.assign(familyOf(metaName), { [kind.toLowerCase()]: kind === 'HELP' ? unescape(said) : said });
    }
  }
  return [...families].map(([name, { samples, ...family }]) => {
    const own = ['le', 'quantile', ...(family.type === 'stateset' ? [name] : [])];
    const groups = new Map<string, Sample[]>();
    for (const sample of samples) {
      const key = JSON.stringify([sample.labels.filter(([label]) => !own.includes(label)), sample.timestamp]);
      groups.set(key, [...(groups.get(key) ?? []), sample]);
    }
    const series = [...groups.values()].map((group) => seriesOf(group, own));
    return { name, ...family, series } as unknown as FamilyView;
  });
}

function seriesOf(samples: Sample[], own: string[]): object {
  const valueOf = (...suffixes: string[]): number | undefined =>
    samples.find(({ suffix }) => suffixes.includes(suffix))?.value;
  const [{ labels, timestamp }] = samples as [Sample];
  const cumulative = samples.filter(({ suffix }) => suffix === '_bucket');
  const marked = samples.flatMap((sample) =>
    sample.labels.filter(([label]) => own.includes(label)).map(([, mark]) => [mark, sample.value] as const),
  );
  return {
    ...labelled(labels.filter(([label]) => !own.includes(label))),
    timestamp,
    created: valueOf('_created'),
    value: valueOf('', '_total', '_info'),
    sum: valueOf('_sum', '_gsum'),
    count: valueOf('_count', '_gcount'),
    upperBounds: marked.map(([mark]) => numberOf(mark)).filter(Number.isFinite),
    bucketCounts: cumulative.map(({ value }, i) => value - (cumulative[i - 1]?.value ?? 0)),
    quantiles: [],
    states: Object.fromEntries(marked.map(([mark, value]) => [mark, value === 1])),
  };
}

function unescape(text: string): string {
  return text.replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char));
}

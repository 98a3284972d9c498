import { formatNumber } from '../src/encode/numbers.ts';
import { Counter, Gauge, Histogram, Info, MetricError, Registry, StateSet, Summary } from '../src/index.ts';
import { numberOf, readVectors, withVectors } from './vectors-folder.ts';

interface Definition {
  type: 'counter' | 'gauge' | 'histogram' | 'summary' | 'info' | 'enum';
  name: string;
  help: string;
  labelNames?: string[];
  unit?: string;
  buckets?: (number | string)[];
  states?: string[];
}

interface Operation {
  clock?: number;
  metric?: number;
  call?: string;
  args?: unknown[];
  labels?: unknown[] | object;
  exemplar?: object;
}

interface Script {
  name: string;
  metrics: Definition[];
  ops: Operation[];
  names?: string[];
  targetInfo?: Record<string, string>;
  expect: Record<string, string>;
  throws?: true;
}

/** Scripts that can't be run here, or whose outcome was decided otherwise for a reason that no normalising covers. */
const SKIPPED: Readonly<Record<string, string>> = {
  'counter namespace subsystem': 'there are no namespaces: a name is given whole',
  'counter reset moves created': 'there is no reset: remove() or clear() forget a series with its time of creation',
};

/** What Python refuses and we take, as the contract says. */
const TAKEN: Readonly<Record<string, string>> = {
  'histogram buckets empty': 'buckets: [] keeps +Inf only',
  'histogram only +Inf bucket': 'a last Infinity is dropped',
  'exemplar longer than 128 code points': 'the exemplar is dropped, the update kept',
};

/** What Python takes and we refuse, as the contract says. */
const REFUSED = ['counter inc inf'];

/** What Python shows otherwise: its text, changed as the contract says. */
const DECIDED: Readonly<Record<string, (text: string) => string>> = {
  // Our default buckets are those of prom-client.
  'histogram default buckets': (text) => text.replace(/.*le="(0\.075|0\.75|7\.5)".*\n/g, ''),
  // With a negative bound, text has the sum too.
  'histogram negative buckets drop sum': (text) => text.replace('hh_count 1', 'hh_sum -0.5\nhh_count 1'),
  // An info shows nothing before it is set, a state set all states as 0.
  'info untouched': (text) => text.replace('ii_info 1\n', ''),
  'enum initial state is first': (text) => text.replace('"foo"} 1', '"foo"} 0'),
};

withVectors(() => {
  const { cases } = readVectors('python_scripts.json') as { cases: Script[] };
  const scripts = cases.filter(({ name }) => !(name in SKIPPED));
  const isRefused = ({ name, throws }: Script): boolean =>
    REFUSED.includes(name) || (throws === true && !(name in TAKEN));

  describe("A script of Python's client", () => {
    afterEach(() => jest.restoreAllMocks());

    it.each(scripts.filter((script) => !isRefused(script) && script.throws === undefined))(
      'gives the same text: $name',
      async (script) => {
        const { names } = script;
        const text = await run(script).metrics({ names, created: names === undefined });
        const expected = normalise(script.expect['text;underscores'] as string);
        expect(names === undefined ? sortLabels(text) : onlySamples(text, names)).toBe(
          (DECIDED[script.name] ?? String)(expected),
        );
      },
    );

    it.each(scripts.filter(isRefused))('is refused: $name', (script) => {
      expect(() => run(script)).toThrow(MetricError);
    });

    it.each(scripts.filter(({ name }) => name in TAKEN))('is taken here: $name', (script) => {
      const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
      expect(() => run(script)).not.toThrow();
      expect(warn).toHaveBeenCalledTimes(script.name.startsWith('exemplar') ? 1 : 0);
    });

    it('is one of those that were there when the lists above were made', () => {
      const names = cases.map(({ name }) => name);
      expect([SKIPPED, TAKEN, DECIDED].flatMap(Object.keys).filter((name) => !names.includes(name))).toEqual([]);
      expect(REFUSED.filter((name) => !names.includes(name))).toEqual([]);
    });
  });
});

function run({ metrics: definitions, ops, targetInfo }: Script): Registry {
  let now = 123.456;
  jest.spyOn(Date, 'now').mockImplementation(() => now * 1000);
  const registry = new Registry();
  // Python's registry has target_info of its own.
  if (targetInfo !== undefined) new Info({ name: 'target', help: 'Target metadata', registry }).set(targetInfo);
  const metrics = definitions.map((definition) => make(definition, registry));
  for (const operation of ops) {
    if (operation.clock === undefined) perform(operation, metrics[operation.metric ?? 0] as Callable);
    else now = operation.clock;
  }
  return registry;
}

type Callable = Record<string, (...args: unknown[]) => unknown>;

const KINDS = { counter: Counter, gauge: Gauge, histogram: Histogram, summary: Summary, info: Info, enum: StateSet };

function make({ type, buckets, states, ...definition }: Definition, registry: Registry): Callable {
  const own = {
    ...(buckets !== undefined && { buckets: buckets.map(numberOf) }),
    ...(type === 'enum' && { states }),
  };
  const Kind = KINDS[type] as unknown as new (definition: object) => Callable;
  return new Kind({ ...definition, ...own, registry });
}

/** Python's names of methods that have another one here. */
const METHODS: Readonly<Record<string, string>> = {
  info: 'set',
  state: 'set',
  set_to_current_time: 'setToCurrentTime',
  remove_by_labels: 'removeMatching',
};

function perform({ call = '', args = [], labels, exemplar }: Operation, metric: Callable): void {
  const given = args.map((arg) => (typeof arg === 'string' && /^(NaN|[+-]Inf)$/.test(arg) ? numberOf(arg) : arg));
  const byPosition = Array.isArray(labels) ? labels : [labels];
  const target = labels === undefined ? metric : (metric['labels']?.(...byPosition) as Callable);
  if (call === 'labels') return;
  target[METHODS[call] ?? call]?.(...given, ...(exemplar === undefined ? [] : [exemplar]));
}

const SAMPLE = /^([\w:]+)(?:\{(.*)\})? (\S+)$/s;

/** Numbers as we write them, labels in the order of their names, the sum before the count. */
function normalise(text: string): string {
  const numbers = text.replace(/^([^#\n].*) (\S+)$/gm, (_, sample: string, value: string) => {
    return `${sample} ${formatNumber(numberOf(value))}`;
  });
  return sortLabels(numbers).replace(/^(.*_count.* \S+\n)(.*_sum.* \S+\n)/gm, '$2$1');
}

function sortLabels(text: string): string {
  const lines = text.split('\n').map((line) => {
    const [, name, labels = '', value] = SAMPLE.exec(line) ?? [];
    if (name === undefined || labels === '') return line;
    const sorted = [...labels.matchAll(/[\w:]+="(?:[^"\\]|\\.)*"/gs)].map(([label]) => label).toSorted();
    return `${name}{${sorted.join(',')}} ${value}`;
  });
  return lines.join('\n');
}

/** We show a family whole when one of its samples is asked for. */
function onlySamples(text: string, names: readonly string[]): string {
  const isShown = (line: string): boolean => line.startsWith('#') || names.includes(SAMPLE.exec(line)?.[1] ?? '');
  return text.replace(/.+\n/g, (line) => (isShown(line.trimEnd()) ? line : ''));
}

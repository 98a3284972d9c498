import * as fc from 'fast-check';
import { Registry, type MetricFamily, type MetricType, type Series } from '../src/index.ts';
import { escapeLabelName, escapeMetricName } from '../src/escaping.ts';
import { exposedName } from '../src/names.ts';
import { plainOf } from '../src/gather/plain-copy.ts';
import { viewOf } from '../src/gather/plain.ts';
import { samplesOf } from '../src/samples.ts';
import { formatBound } from '../src/encode/numbers.ts';
import { parseText } from './parse-text.ts';

const text = fc.string({ unit: 'binary' }).map((each) => each.toWellFormed());
/** -0 is written as 0. */
const number = fc.double().map((each) => (each === 0 ? 0 : each));
const count = fc.nat({ max: 2 ** 31 });
const time = fc.double({ noNaN: true, noDefaultInfinity: true });
const labelName = fc
  .oneof(text, fc.constantFrom('a', 'b.c', 'd e', 'constructor', 'toString'))
  .filter(
    (name) => name !== '' && !name.startsWith('__') && !['__name__', 'le', 'quantile'].includes(escapeLabelName(name)),
  );
const labels = fc
  .uniqueArray(fc.tuple(labelName, text), { maxLength: 3, selector: ([name]) => escapeLabelName(name) })
  .map((pairs) => Object.fromEntries(pairs));
const exemplar = fc.record({ labels, value: number, timestamp: time }, { requiredKeys: ['labels', 'value'] });
const ascending = (each: fc.Arbitrary<number>): fc.Arbitrary<number[]> =>
  fc.uniqueArray(each, { maxLength: 5 }).map((all) => all.toSorted((a, b) => a - b));

const buckets = fc
  .tuple(
    ascending(fc.double({ noNaN: true, noDefaultInfinity: true }).map((bound) => bound + 0)),
    fc.array(fc.tuple(count, fc.option(exemplar, { nil: undefined })), { minLength: 6, maxLength: 6 }),
  )
  .map(([bounds, rows]) => {
    let sum = 0;
    const all = [...bounds, Infinity].map((upperBound, i) => {
      const [inBucket, itsExemplar] = rows[i] as (typeof rows)[number];
      sum += inBucket;
      return { upperBound, count: sum, ...(itsExemplar && { exemplar: itsExemplar }) };
    });
    return { count: sum, buckets: all };
  });
const quantiles = fc
  .tuple(
    ascending(fc.double({ min: 0, max: 1, noNaN: true }).map((each) => each + 0)),
    fc.array(number, { minLength: 5, maxLength: 5 }),
  )
  .map(([all, values]) => all.map((quantile, i) => ({ quantile, value: values[i] as number })));

const VALUES: Readonly<Record<MetricType, fc.Arbitrary<object>>> = {
  counter: fc.record(
    { value: fc.double({ min: 0, noNaN: true }).map((each) => each + 0), exemplar, created: time },
    { requiredKeys: ['value'] },
  ),
  gauge: fc.record({ value: number }),
  unknown: fc.record({ value: number }),
  info: fc.record({ value: fc.constant(1) }),
  stateset: fc.record({
    states: fc
      .uniqueArray(
        fc.tuple(
          text.filter((state) => state !== ''),
          fc.boolean(),
        ),
        { selector: ([state]) => state },
      )
      .map((pairs) => Object.fromEntries(pairs)),
  }),
  summary: fc.record({ count, sum: number, quantiles, created: time }, { requiredKeys: ['count', 'sum', 'quantiles'] }),
  histogram: fc.tuple(buckets, number).map(([both, sum]) => ({ ...both, sum })),
  gaugehistogram: fc.tuple(buckets, number).map(([both, sum]) => ({ ...both, sum })),
};

/** Families whose names begin with different letters, so that they can't clash. */
const families: fc.Arbitrary<MetricFamily[]> = fc
  .array(
    fc.constantFrom(...(Object.keys(VALUES) as MetricType[])).chain((type) =>
      fc.record({
        name: text.map((name) => name.replace(/_total$|_info$/, '')),
        help: text,
        type: fc.constant(type),
        series: fc.uniqueArray(
          fc
            .tuple(fc.record({ labels, timestamp: fc.maxSafeInteger() }, { requiredKeys: ['labels'] }), VALUES[type])
            .map(([base, values]) => ({ ...base, ...values }) as Series),
          { maxLength: 4, selector: (series) => keyOf(series.labels) },
        ),
      }),
    ),
    { maxLength: 4 },
  )
  .map((all) => all.map((family, i) => ({ ...family, name: `${'abcd'[i]}x${family.name}` })))
  // The label that a state set writes itself has its name, which no other label may have.
  .filter((all) =>
    all.every(({ type, name, series }) => type !== 'stateset' || series.every((each) => !hasLabel(each, name))),
  );

function keyOf(given: Record<string, string>): string {
  const present = Object.entries(given).filter(([, value]) => value !== '');
  return JSON.stringify(present.map(([name, value]) => JSON.stringify([escapeLabelName(name), value])).toSorted());
}

function hasLabel(series: Series, name: string): boolean {
  return Object.keys(series.labels).some((label) => escapeLabelName(label) === escapeLabelName(name));
}

describe('For all families', () => {
  it('what a collector gives is what gather gives', async () => {
    await fc.assert(
      fc.asyncProperty(families, async (given) => {
        const registry = new Registry();
        registry.register({ collect: () => given });
        expect(await registry.gather()).toEqual(given);
      }),
    );
  });

  it('what gather gives is taken back as the same', () => {
    fc.assert(
      fc.property(families, (given) => {
        expect(given.map((family) => plainOf(viewOf(plainOf(viewOf(family)))))).toEqual(given);
      }),
    );
  });

  it('the text parses to the samples that went in', async () => {
    await fc.assert(
      fc.asyncProperty(families, async (given) => {
        const registry = new Registry();
        registry.register({ collect: () => given });
        const parsed = parseText(await registry.metrics());
        expect(parsed.map(({ name, help }) => [name, help])).toEqual(
          given.map(({ name, type, help }) => [escapeMetricName(exposedName(name, type)), help]),
        );
        expect(parsed.map(({ samples }) => samples)).toEqual(given.map(samplesIn));
      }),
    );
  });

  it('every sample of the text is found by getSampleValue', async () => {
    await fc.assert(
      fc.asyncProperty(families, async (given) => {
        const registry = new Registry({ labels: { zz_service: 'a' } });
        registry.register({ collect: () => given });
        for (const { samples } of parseText(await registry.metrics())) {
          for (const { name, labels: found, value } of samples) {
            expect(registry.getSampleValue(name, Object.fromEntries(found))).toBe(value);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('garbage in place of any part costs that family only, and never the gather', async () => {
    jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    await fc.assert(
      fc.asyncProperty(
        families,
        fc.anything({ withNullPrototype: true, withBigInt: true }),
        fc.nat(),
        async (given, garbage, where) => {
          const registry = new Registry();
          registry.gauge({ name: 'fine', help: '' }).set(1);
          const broken = structuredClone(given);
          const places = placesIn(broken);
          const place = places[where % Math.max(places.length, 1)];
          if (place !== undefined) (place.holder as Record<string, unknown>)[place.key] = garbage;
          registry.register({ collect: () => broken });
          const parsed = parseText(await registry.metrics({ created: true }));
          expect(parsed[0]).toMatchObject({ name: 'fine', samples: [{ value: 1 }] });
          const names = (await registry.gather()).map(({ name }) => name);
          expect(names).toEqual(
            expect.arrayContaining(given.map(({ name }) => name).filter((_, i) => i !== place?.family)),
          );
        },
      ),
      { numRuns: 300 },
    );
    jest.restoreAllMocks();
  });
});

function samplesIn(family: MetricFamily): object[] {
  return Array.from(samplesOf(viewOf(family)), ({ name, series, extra, value }) => ({
    name: escapeMetricName(name),
    labels: [
      ...series.labelNames.map((label, i) => [escapeLabelName(label), series.labelValues[i]]),
      ...(extra === undefined
        ? []
        : [[escapeLabelName(extra[0]), typeof extra[1] === 'number' ? formatBound(extra[1]) : extra[1]]]),
    ],
    value,
    ...(series.timestamp !== undefined && { timestamp: series.timestamp }),
  }));
}

interface Place {
  family: number;
  holder: object;
  key: string;
}

/** Every place in these families that something else can be put in. */
function placesIn(all: readonly MetricFamily[]): Place[] {
  const places: Place[] = [];
  const visit = (family: number, holder: object): void => {
    for (const [key, value] of Object.entries(holder)) {
      places.push({ family, holder, key });
      if (typeof value === 'object' && value !== null) visit(family, value as object);
    }
  };
  all.forEach((each, i) => visit(i, each));
  return places;
}

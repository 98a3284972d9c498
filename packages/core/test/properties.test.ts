import * as fc from 'fast-check';
import { formatBound, formatNumber } from '../src/encode/numbers.ts';
import { Counter, Gauge, Histogram, Registry, Summary } from '../src/index.ts';
import { labelTextOf } from './label-text-of.ts';
import { parseText } from './parse-text.ts';

const anyText = fc.string({ unit: 'binary' });
/** Texts that are made of what separates and escapes labels. */
const hostileText = fc.string({
  unit: fc.constantFrom('a', ',', ':', '|', '"', '\\', '\n', '=', '{', '}', '\0', '\u{1f631}'),
});
const labelValue = fc.oneof(anyText, hostileText);
const anyNumber = fc.double();
const legacyName = fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,8}$/);
const legacyLabelName = fc
  .stringMatching(/^[a-zA-Z][a-zA-Z0-9_]{0,8}$/)
  .filter((name) => name !== 'le' && name !== 'quantile');
/** Sorted and distinct, as buckets have to be; -0 is 0 there. */
const bounds = fc
  .uniqueArray(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((bound) => bound + 0),
    { maxLength: 20 },
  )
  .map((list) => list.toSorted((a, b) => a - b));

describe('For all inputs', () => {
  it('distinct label sets never merge and equal ones always do, whatever their bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(labelValue, labelValue, labelValue), { maxLength: 30 }), (rows) => {
        const counter = new Counter({ name: 'cc', help: '', labelNames: ['a', 'b', 'c'], registry: null });
        const expected = new Map<string, number>();
        rows.forEach(([a, b, c], i) => {
          if (i % 2 === 0) counter.inc({ a, b, c });
          else counter.labels(a, b, c).inc();
          const key = JSON.stringify([a, b, c]);
          expected.set(key, (expected.get(key) ?? 0) + 1);
        });
        expect(
          new Map(Array.from(counter.series, (series) => [JSON.stringify(series.labelValues), series.get()])),
        ).toEqual(expected);
        expect(new Set(Array.from(counter.series, labelTextOf)).size).toBe(expected.size);
      }),
    );
  });

  it('adding and removing series leaves what a plain map leaves', () => {
    const value = fc.constantFrom('x', 'y', 'z');
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), value, value), { maxLength: 60 }), (steps) => {
        const gauge = new Gauge({ name: 'gg', help: '', labelNames: ['a', 'b'], registry: null });
        const model = new Map<string, number>();
        for (const [adds, a, b] of steps) {
          const key = `a="${a}",b="${b}"`;
          expect(!adds && gauge.remove(a, b)).toBe(!adds && model.delete(key));
          if (!adds) continue;
          gauge.inc({ a, b });
          model.set(key, (model.get(key) ?? 0) + 1);
        }
        expect(Array.from(gauge.series, (series) => [labelTextOf(series), series.get()])).toEqual([...model]);
      }),
    );
  });

  it('an exposition parses back to the names, labels and values that went in', async () => {
    await fc.assert(
      fc.asyncProperty(
        legacyName,
        anyText,
        fc.uniqueArray(legacyLabelName, { minLength: 1, maxLength: 3 }),
        fc.uniqueArray(fc.tuple(fc.array(labelValue, { minLength: 3, maxLength: 3 }), anyNumber), {
          maxLength: 8,
          selector: ([values]) => values[0],
        }),
        async (name, help, labelNames, rows) => {
          const registry = new Registry();
          const gauge = new Gauge({ name, help, labelNames, registry });
          for (const [values, value] of rows) gauge.labels(...values.slice(0, labelNames.length)).set(value);

          expect(parseText(await registry.metrics())).toEqual([
            {
              name,
              help,
              type: 'gauge',
              samples: rows.map(([values, value]) => ({
                name,
                labels: labelNames.map((label, i) => [label, values[i]]),
                value: value === 0 ? 0 : value,
              })),
            },
          ]);
        },
      ),
    );
  });

  it('the buckets of a histogram are cumulative and what a naive count gives', () => {
    fc.assert(
      fc.property(bounds, fc.array(anyNumber, { maxLength: 50 }), (buckets, values) => {
        const histogram = new Histogram({ name: 'hh', help: '', buckets, registry: null });
        for (const value of values) histogram.observe(value);

        expect(histogram.get()).toEqual({
          count: values.length,
          sum: values.reduce((sum, value) => sum + value, 0),
          buckets: [
            ...buckets.map((upperBound) => ({
              upperBound,
              count: values.filter((value) => value <= upperBound).length,
            })),
            { upperBound: Infinity, count: values.length },
          ],
        });
      }),
    );
  });

  it('an exposed histogram has ascending bounds, growing counts, and +Inf equal to its count', async () => {
    await fc.assert(
      fc.asyncProperty(bounds, fc.array(anyNumber, { maxLength: 20 }), async (buckets, values) => {
        const registry = new Registry();
        const histogram = new Histogram({ name: 'hh', help: '', labelNames: ['a'], buckets, registry });
        for (const value of values) histogram.observe({ a: 'x' }, value);
        if (values.length === 0) histogram.labels('x');

        const samples = parseText(await registry.metrics())[0]?.samples ?? [];
        expect(samples.map(({ name, labels }) => [name, ...labels.map(([, text]) => text)])).toEqual([
          ...[...buckets, Infinity].map((bound) => ['hh_bucket', 'x', formatBound(bound)]),
          ['hh_sum', 'x'],
          ['hh_count', 'x'],
        ]);
        const counts = samples.filter(({ name }) => name === 'hh_bucket').map(({ value }) => value);
        expect(counts).toEqual(counts.toSorted((a, b) => a - b));
        expect(counts.at(-1)).toBe(values.length);
        expect(samples.at(-1)?.value).toBe(values.length);
      }),
    );
  });

  it('a summary counts its observations and adds them up', () => {
    fc.assert(
      fc.property(fc.array(anyNumber), (values) => {
        const summary = new Summary({ name: 'ss', help: '', registry: null });
        for (const value of values) summary.observe(value);
        const sum = values.reduce((all, value) => all + value, 0);
        expect(summary.get()).toEqual({ count: values.length, sum, quantiles: [] });
      }),
    );
  });

  it('a counter takes what is finite and not negative, and keeps its count otherwise', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(anyNumber, fc.anything())), (values) => {
        const counter = new Counter({ name: 'cc', help: '', registry: null });
        let count = 0;
        for (const value of values) {
          if (value === undefined) count += 1;
          else if (typeof value === 'number' && Number.isFinite(value) && value >= 0) count += value;
          try {
            counter.inc(value as number);
          } catch {
            // The count says whether it was refused.
          }
        }
        expect(counter.get()).toBe(count);
      }),
    );
  });

  it('a number reads back as itself from what formatNumber and formatBound write', () => {
    fc.assert(
      fc.property(anyNumber, (value) => {
        const read = (text: string): number => Number(text.replace('Inf', 'Infinity'));
        expect(read(formatNumber(value))).toBe(value === 0 ? 0 : value);
        expect(read(formatBound(value))).toBe(value === 0 ? 0 : value);
        expect(formatNumber(value)).toMatch(/^(-?\d+(\.\d+)?(e[+-]\d{2,3})?|NaN|[+-]Inf)$/);
      }),
      { numRuns: 1000 },
    );
  });
});

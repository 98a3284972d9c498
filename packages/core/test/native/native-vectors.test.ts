import { bucketIndex, schemaOf, upperBound } from '../../src/native/bucket-index.ts';
import { DEFAULT_BUCKETS } from '../../src/buckets.ts';
import type { BucketSpan } from '../../src/model.ts';
import { NativeExemplars } from '../../src/native/native-exemplars.ts';
import { NativeBuckets } from '../../src/native/native-histogram.ts';
import { checkNative, type NativeConfig } from '../../src/native/native-options.ts';
import { readVectors, withVectors } from '../vectors-folder.ts';

// What Prometheus' Go client gives for the same input.

interface Observed {
  name: string;
  observations: (number | string)[];
  buckets?: number[];
  factor: number;
  zeroThreshold: number;
  maxBuckets: number;
  minResetDurationNs: number;
  maxZeroThreshold: number;
  want: object;
}

/** The options in Go's words: threshold 0 is the default and one below 0 is 0, a factor up to 1 is none at all. */
function configOf({ factor, zeroThreshold, maxBuckets, minResetDurationNs, maxZeroThreshold }: Observed) {
  if (factor <= 1) return undefined;
  return checkNative('h', {
    factor,
    zeroThreshold: zeroThreshold === 0 ? undefined : Math.max(zeroThreshold, 0),
    maxBuckets,
    minResetSeconds: minResetDurationNs / 1e9,
    maxZeroThreshold,
  });
}

/** What a histogram has beside its native buckets, and how it starts again with them. */
class Owner {
  readonly #bounds: readonly number[];
  readonly #native: NativeBuckets | undefined;
  #inBuckets: number[] = [];
  #count = 0;
  #sum = 0;
  #created: number;

  constructor(bounds: readonly number[], config: NativeConfig | undefined) {
    this.#bounds = bounds;
    this.#created = Date.now();
    this.#native = config && new NativeBuckets(config, this.#created);
    this.#startAgain();
  }

  #startAgain(): void {
    this.#inBuckets = this.#bounds.map(() => 0);
    this.#count = 0;
    this.#sum = 0;
    this.#created = this.#native?.createdMs ?? this.#created;
  }

  observe(value: number): void {
    if (this.#native?.observe(value) === true) this.#startAgain();
    this.#bounds.forEach((bound, i) => ((this.#inBuckets[i] as number) += value <= bound ? 1 : 0));
    this.#count++;
    this.#sum += value;
  }

  read(): object {
    if (this.#native?.resetIfDue() === true) this.#startAgain();
    const pairs = (spans: BucketSpan[]): number[][] => spans.map(({ offset, length }) => [offset, length]);
    const native = this.#native?.read();
    return {
      sampleCount: this.#count,
      sampleSum: Number.isFinite(this.#sum)
        ? this.#sum
        : String(this.#sum)
            .replace(/^(?=I)/, '+')
            .replace('inity', ''),
      createdOffsetSeconds: this.#created / 1000,
      buckets: this.#bounds.map((bound, i) => [bound, this.#inBuckets[i]]),
      ...(native && {
        ...native,
        positiveSpans: pairs(native.positiveSpans),
        negativeSpans: pairs(native.negativeSpans),
      }),
    };
  }
}

function numberOf(given: number | string): number {
  return Number(String(given).replace('Inf', 'Infinity'));
}

withVectors(() => {
  describe('Bucket indices', () => {
    const vectors = readVectors('native_histogram_buckets.json') as {
      getLeTable: { key: number; schema: number; le: number | string }[];
      upperBounds: { key: number; schema: number; bits: string }[];
      bounds: number[][];
      bucketIndex: { v: number | string; bits: string; keys: Record<string, number | 'zero'> }[];
      pickSchema: { factor: number; schema: number }[];
    };
    const numberOfBits = (bits: string): number =>
      new Float64Array(new BigUint64Array([BigInt(`0x${bits}`)]).buffer)[0] as number;

    it.each(vectors.bucketIndex)('of $v ($bits)', ({ bits, keys }) => {
      const value = numberOfBits(bits);
      const ours = Object.keys(keys).map((schema) => [
        schema,
        value === 0 ? 'zero' : bucketIndex(value, Number(schema)),
      ]);
      expect(Object.fromEntries(ours)).toEqual(keys);
    });

    it.each(vectors.getLeTable)('have upper bounds: $key at schema $schema', ({ key, schema, le }) => {
      expect(upperBound(key, schema)).toBe(numberOf(le));
    });

    it.each(vectors.upperBounds)('have upper bounds to the bit: $key at schema $schema', ({ key, schema, bits }) => {
      expect(upperBound(key, schema)).toBe(numberOfBits(bits));
    });

    it('have upper bounds to the bit: all between 0.5 and 1', () => {
      vectors.bounds.forEach((bounds, schema) => {
        expect(bounds.map((_, i) => upperBound(i - bounds.length, schema))).toEqual(bounds);
      });
    });

    it.each(vectors.pickSchema)('of factor $factor have schema $schema', ({ factor, schema }) => {
      expect(schemaOf(factor)).toBe(schema);
    });
  });

  describe('Native buckets', () => {
    const { cases, generated } = readVectors('native_histogram_observe.json') as {
      cases: Observed[];
      generated: Observed[];
    };

    afterEach(() => jest.useRealTimers());

    it.each([...cases, ...generated])('of $name', (vector) => {
      jest.useFakeTimers({ now: 0 });
      const config = configOf(vector);
      const owner = new Owner(vector.buckets ?? (config === undefined ? DEFAULT_BUCKETS : []), config);
      jest.advanceTimersByTime(60_000);
      for (const value of vector.observations) {
        owner.observe(numberOf(value));
        jest.advanceTimersByTime(60_000);
      }
      expect(owner.read()).toEqual(vector.want);
    });
  });

  describe('Native exemplars', () => {
    interface Retained {
      name: string;
      maxExemplars: number;
      ttlMs: number;
      ops: { value: number; atMs: number }[];
      wantAfterOp?: Record<string, number[]>;
      wantEach?: number[][];
    }
    const { cases, generated } = readVectors('native_histogram_exemplars.json') as {
      cases: Retained[];
      generated: Retained[];
    };

    // In Go's words 0 is the default, and fewer than 0 are none.
    it.each([...cases, ...generated])('of $name', ({ maxExemplars, ttlMs, ops, wantAfterOp, wantEach }) => {
      const config = checkNative('h', {
        maxExemplars: maxExemplars === 0 ? undefined : Math.max(maxExemplars, 0),
        exemplarTtlSeconds: ttlMs === 0 ? undefined : ttlMs / 1000,
      }) as NativeConfig;
      const exemplars = new NativeExemplars(config);
      const after = ops.map(({ value, atMs }) => {
        exemplars.add({ labels: {}, value, timestamp: 1_700_000_000 + atMs / 1000 });
        return exemplars.list().map((exemplar) => exemplar.value);
      });
      const want = Object.entries(wantAfterOp ?? { ...wantEach });
      expect(want.map(([i]) => [i, after[Number(i)]])).toEqual(want);
    });
  });
});

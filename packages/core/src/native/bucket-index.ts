/** The coarsest and the finest resolution that Prometheus has standard buckets for. */
export const MIN_SCHEMA = -4;
export const MAX_SCHEMA = 8;

/** How many buckets there are from one power of 2 to the next at the finest schema. */
const PER_POWER = 1 << MAX_SCHEMA;
/** The index that the largest finite number has at the finest schema. */
const LAST_INDEX = 1024 * PER_POWER;

// A number's bits; which half is the upper one depends on the machine.
const number = new Float64Array(1);
const halves = new Uint32Array(number.buffer);
number[0] = 1;
const UPPER = halves[1] === 0 ? 0 : 1;

const BOUNDS = bounds();
const [UPPER_BITS, LOWER_BITS] = mantissas();
const FIRST_BOUND = firstBounds();

/**
 * The index of the bucket, of those for its sign, that a value lies in: above the bucket's lower bound and not above
 * its upper one. The infinities have a bucket of their own after all others. Zero and NaN have none: don't ask (Prometheus, "Native histograms", "Schema").
 */
export function bucketIndex(value: number, schema: number): number {
  const shift = MAX_SCHEMA - schema;
  number[0] = value;
  let upper = halves[UPPER] as number;
  let exponent = (upper >>> 20) & 0x7ff;
  let power = -1023;
  if (exponent === 0x7ff) return (LAST_INDEX >> shift) + 1;
  if (exponent === 0) {
    // Subnormal: the mantissa begins further down. This product is exact.
    number[0] = value * 2 ** 54;
    upper = halves[UPPER] as number;
    exponent = (upper >>> 20) & 0x7ff;
    power = -1023 - 54;
  }
  // The upper nine bits of the mantissa leave one bound to compare; without a branch, which would be guessed wrongly.
  const mantissa = upper & 0xfffff;
  let i = FIRST_BOUND[mantissa >>> 11] as number;
  const difference = (UPPER_BITS[i] as number) - mantissa;
  if (difference !== 0) i += difference >>> 31;
  else if ((halves[1 - UPPER] as number) > (LOWER_BITS[i] as number)) i++;
  // The bounds of a coarser schema are every second, fourth … of the finest, so that an index halves, rounded up.
  return ((exponent + power) * PER_POWER + i + (1 << shift) - 1) >> shift;
}

/** The upper bound, inclusive, of the bucket of an index; the negative bucket of that index has it as its lower one. */
export function upperBound(index: number, schema: number): number {
  const finest = index * 2 ** (MAX_SCHEMA - schema);
  if (finest >= LAST_INDEX) return finest === LAST_INDEX ? Number.MAX_VALUE : Infinity;
  const power = Math.floor(finest / PER_POWER);
  const bound = BOUNDS[finest - power * PER_POWER] as number;
  // In this order because 2 ** 1024 is out of range, and half of the smallest number too.
  return power < 0 ? bound * 2 ** (power + 1) : bound * 2 * 2 ** power;
}

/** The coarsest schema whose buckets' upper bounds are at most `factor`, a number above 1, times their lower ones. */
export function schemaOf(factor: number): number {
  // Taken from 0, because -0 is no schema.
  const schema = 0 - Math.floor(Math.log2(Math.log2(factor)));
  return Math.min(Math.max(schema, MIN_SCHEMA), MAX_SCHEMA);
}

/**
 * The finest schema's bounds between 0.5 and 1, to the bit those of Prometheus' Go client: each is the one before times
 * the 256th root of 2, but every second one is the coarser schema's. Square roots are rounded alike everywhere, powers
 * are not; only the root of 2 itself is an ulp below the rounded one there.
 */
function bounds(): Float64Array {
  const table = new Float64Array(PER_POWER + 1);
  table[0] = 0.5;
  table[PER_POWER] = 1;
  for (let step = PER_POWER, root = 2; step > 1; step /= 2) {
    root = Math.sqrt(root);
    const factor = step === PER_POWER ? Math.SQRT2 - Number.EPSILON : root;
    for (let i = 0; i < PER_POWER; i += step) table[i + step / 2] = (table[i] as number) * factor;
  }
  return table;
}

/** The upper 20 and the lower 32 bits of the bounds' mantissas; that of 1 itself is above them all. */
function mantissas(): [upper: Int32Array, lower: Uint32Array] {
  const upper = new Int32Array(PER_POWER + 1).fill(1 << 20);
  const lower = new Uint32Array(PER_POWER + 1);
  for (let i = 0; i < PER_POWER; i++) {
    number[0] = BOUNDS[i] as number;
    upper[i] = (halves[UPPER] as number) & 0xfffff;
    lower[i] = halves[1 - UPPER] as number;
  }
  return [upper, lower];
}

/** For each of 512 equal parts between 0.5 and 1, the first bound that isn't below it; no part has two in it. */
function firstBounds(): Uint16Array {
  const first = new Uint16Array(512);
  for (let part = 0, i = 0; part < first.length; part++) {
    while ((BOUNDS[i] as number) < 0.5 + part / 1024) i++;
    first[part] = i;
  }
  return first;
}

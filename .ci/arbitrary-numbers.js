import * as fc from 'fast-check';

/** What a counter may be counted up by. */
export const amount = fc.oneof(
  fc.nat(),
  fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0.1, 5e-324, 1e-7, 2 ** 53, 1e21, 123_456_789),
);

export const number = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(Infinity, -Infinity, NaN, -1e-9));

/** Neither below 0 nor NaN. */
export const positive = fc.oneof(amount, fc.constant(Infinity));

export const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

/** Of buckets: ascending, without the last one, and without -0. */
export const bounds = fc
  .uniqueArray(
    fc.oneof(fc.integer({ min: -10, max: 1000 }), finite).map((bound) => bound + 0),
    { maxLength: 5 },
  )
  .map((all) => all.toSorted((a, b) => a - b));

/** A time in milliseconds as a timestamp may be; to Python, what is between -1 s and 0 is after 0 (client_python 0.16). */
export const timestampMs = fc
  .oneof(
    fc.integer({ min: 1.7e12, max: 1.8e12 }),
    fc.integer({ min: -8e15, max: 8e15 }),
    fc.nat().map((quarters) => quarters / 4),
  )
  .filter((ms) => ms <= -1000 || ms >= 0);

/** A time in seconds, to the microsecond. */
export const timestamp = fc
  .oneof(fc.integer({ min: 1.7e15, max: 1.8e15 }), fc.nat({ max: 8e15 }))
  .map((micros) => micros / 1e6);

import { randomNumbers, shuffled } from './random.js';

/** Label names as services have them. */
export const LABEL_NAMES = ['method', 'route', 'status', 'tenant'];

/** How many values each label has, so that there are as many series as the key says. */
export const SHAPES = {
  2: { 10: [2, 5], 100: [10, 10], 128: [8, 16], 1000: [10, 100], 10_000: [100, 100] },
  3: {
    10: [1, 2, 5],
    100: [2, 5, 10],
    128: [4, 4, 8],
    1000: [10, 10, 10],
    10_000: [10, 10, 100],
    100_000: [10, 100, 100],
    1_000_000: [100, 100, 100],
  },
  4: { 128: [2, 4, 4, 4], 10_000: [10, 10, 10, 10] },
};

/**
 * All label sets of a shape, as a column of values for each label: shuffled, the same way each time, so that those who made
 * the series in order don't find them one after the other in memory.
 */
export function columnsOf(shape, valueOf = textValue, isShuffled = true) {
  const size = shape.reduce((product, values) => product * values, 1);
  const inOrder = Array.from({ length: size }, (_, i) => i);
  const order = isShuffled ? shuffled(inOrder, randomNumbers()) : inOrder;
  let below = size;
  return shape.map((values, label) => {
    const texts = Array.from({ length: values }, (_, i) => valueOf(label, i));
    below /= values;
    const each = below;
    return order.map((n) => texts[Math.floor(n / each) % values]);
  });
}

export function textValue(label, i) {
  return `${LABEL_NAMES[label]}-${i}`;
}

/** Small ones, as statuses are. */
export function numberValue(label, i) {
  return (label + 1) * 1000 + i;
}

/** As ids are. */
export function largeNumberValue(label, i) {
  return (label + 1) * 100_000 + i;
}

/** The label sets themselves. */
export function labelSetsOf(columns) {
  return columns[0].map((_, n) => Object.fromEntries(columns.map((column, label) => [LABEL_NAMES[label], column[n]])));
}

/** The default buckets of prom-client and its descendants, for all. */
export const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Values to observe, spread over the default buckets. */
export function observations(count) {
  const random = randomNumbers();
  return Array.from({ length: count }, () => 0.001 * 10 ** (4 * random()));
}

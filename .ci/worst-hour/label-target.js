// What is counted with labels that are hostile: of requests, for which clients choose them, and in the program itself.
import { core } from '../prometer.js';
import { hostileValue } from './hostile-values.js';
import { Random } from './random.js';

/** How long texts are that are too long. */
export const HUGE = 20_000;

export function prepare({ registry }) {
  const counter = registry.counter({ name: 'hostile', help: 'With any value', labelNames: ['value'] });
  let refused = 0;
  const calls = {
    /** Counts so many values, which the seed tells; resolves to how many were refused so far. */
    count(seed, values) {
      const random = new Random(seed);
      for (let i = 0; i < values; i++) {
        try {
          counter.inc({ value: hostileValue(random, HUGE).value });
        } catch (error) {
          if (!(error instanceof core.MetricError) || error.code !== 'INVALID_LABEL_VALUE') throw error;
          refused++;
        }
      }
      return refused;
    },
  };
  return { options: { labels: { tenant: ({ headers }) => tenantOf(headers['x-tenant']) } }, calls };
}

/** As JSON, so that headers can carry it. */
function tenantOf(header) {
  const { value, huge } = JSON.parse(header);
  return huge === undefined ? value : huge.padStart(HUGE, 'huge');
}

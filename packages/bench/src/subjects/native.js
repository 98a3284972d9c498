import { OPENTELEMETRY, OURS } from '../libraries.js';
import { observing, operationsChild, timeOperations } from '../operations.js';
import { operationRows } from '../rows.js';

export const title = "Native histograms, against OpenTelemetry's exponential one";

const LIBRARIES = [OURS, OPENTELEMETRY];

const goals = {
  'observe, kept series': { times: 4, against: [OPENTELEMETRY] },
  'observe, no labels': { times: 4, against: [OPENTELEMETRY] },
};

export async function run(options) {
  return { rows: operationRows(await timeOperations(import.meta.url, { ...options, libraries: LIBRARIES }), goals) };
}

export const child = (library, options) =>
  operationsChild(library, options, (open) => {
    const registry = open();
    const kept = registry.nativeHistogram({ name: 'kept', labelNames: ['method', 'status'] }).labels('GET', '200');
    const plain = registry.nativeHistogram({ name: 'plain' });
    return observing(registry, kept, plain);
  });

import { keepsSeriesBounded } from './conformance-cardinality.ts';
import { addsLabels } from './conformance-labels.ts';
import { takesOptions } from './conformance-options.ts';
import { measuresOutcomes } from './conformance-outcomes.ts';
import { namesRoutes } from './conformance-routes.ts';
import { servesMetrics } from './conformance-scrapes.ts';
import { measuresStreams } from './conformance-streams.ts';
import { isWired } from './conformance-wiring.ts';
import type { Framework } from './framework.ts';

/**
 * What every adapter must get right, each over a real socket. The letter and number that a title begins with name the
 * same promise for all frameworks; those that only one of them can make are tested with it.
 */
export function conforms(framework: Framework): void {
  // Some ask a thousand times, on machines that have more to do.
  jest.setTimeout(30_000);

  describe(framework.name, () => {
    namesRoutes(framework);
    keepsSeriesBounded(framework);
    measuresOutcomes(framework);
    measuresStreams(framework);
    takesOptions(framework);
    addsLabels(framework);
    isWired(framework);
    servesMetrics(framework);
  });
}

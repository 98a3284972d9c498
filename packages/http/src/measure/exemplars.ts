import type { IncomingMessage } from 'node:http';
import { warn, type ExemplarLabels } from '@prometer/core';
import { guarded, warnsOnce } from '../callback.ts';
import { invalidOption, reasonOf, show } from '../options.ts';

/** Where exemplars come from: a function, run when the response is over, or OpenTelemetry's active span. */
export type HttpExemplars<Request = IncomingMessage> =
  | ((request: Request) => ExemplarLabels | undefined)
  | 'opentelemetry';

/** What makes the exemplars of requests; neither of the two ever throws. */
export interface Exemplars {
  /** What there is to keep when measuring begins: the trace is known then, and perhaps no more at the end. */
  readonly atStart: (() => ExemplarLabels | undefined) | undefined;
  readonly atEnd: ((request: IncomingMessage) => ExemplarLabels | undefined) | undefined;
}

const NONE: Exemplars = { atStart: undefined, atEnd: undefined };

/** @throws MetricError `INVALID_OPTION` */
export function exemplarsOf(given: HttpExemplars | undefined): Exemplars {
  if (given === undefined) return NONE;
  if (typeof given === 'function') return { atStart: undefined, atEnd: ofFunction(given) };
  if (given === 'opentelemetry') return { atStart: ofActiveSpan(), atEnd: undefined };
  throw invalidOption(
    `The option "exemplars" is ${show(given)}: give 'opentelemetry', or a function of the request that returns labels, such as { trace_id }.`,
  );
}

function ofFunction(given: (request: IncomingMessage) => ExemplarLabels | undefined): Exemplars['atEnd'] {
  const warnOf = warnsOnce(
    'PROMETER_EXEMPLAR_ERROR',
    (wrong) => `The function "exemplars" ${wrong}: such requests have no exemplar.`,
  );
  const labelsOf = guarded(given, warnOf);
  return (request) => labelsOf(request) ?? undefined;
}

type OpenTelemetry = typeof import('@opentelemetry/api');

/** OpenTelemetry's, which is read by its name from wherever it has been installed. */
let api: OpenTelemetry | undefined;
let loading: Promise<void> | undefined;

function ofActiveSpan(): Exemplars['atStart'] {
  loading ??= load();
  return () => {
    try {
      const span = api?.trace.getActiveSpan()?.spanContext();
      // What isn't sampled is nowhere to be found.
      if (api === undefined || span === undefined || (span.traceFlags & api.TraceFlags.SAMPLED) === 0) return undefined;
      return { trace_id: span.traceId, span_id: span.spanId };
    } catch {
      return undefined;
    }
  };
}

async function load(): Promise<void> {
  try {
    // oxlint-disable-next-line no-restricted-imports -- only if it is asked for, and there
    api = await import('@opentelemetry/api');
  } catch (error) {
    warn(
      'PROMETER_NO_OPENTELEMETRY',
      `The option "exemplars" is 'opentelemetry', and @opentelemetry/api can't be loaded: there are no exemplars. Install it beside what traces the program. ${reasonOf(error)}`,
    );
  }
}

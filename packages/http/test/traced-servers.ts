import { Server } from 'node:http';
import { context, trace, TraceFlags } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';

/**
 * Does what OpenTelemetry's instrumentation of `node:http` does: while the listeners of a server handle a request, and in
 * what they begin, a span is active.
 *
 * @returns how to undo it
 */
export function traceServers(traceId: string, spanId: string): () => void {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const prototype = Server.prototype as { emit?: (event: string, ...given: unknown[]) => boolean };
  const { emit } = Server.prototype as { emit: (event: string, ...given: unknown[]) => boolean };
  prototype.emit = function (event, ...given) {
    if (event !== 'request') return emit.call(this, event, ...given);
    const span = trace.wrapSpanContext({ traceId, spanId, traceFlags: TraceFlags.SAMPLED });
    return context.with(trace.setSpan(context.active(), span), () => emit.call(this, event, ...given));
  };
  return () => {
    delete prototype.emit;
    context.disable();
  };
}

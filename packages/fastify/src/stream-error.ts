import { errorMonitor } from 'node:events';
import { Stream } from 'node:stream';

/** As much of a web stream as is needed here. */
interface WebStream {
  getReader(...given: unknown[]): { readonly closed: Promise<unknown> };
}

/** Tells why a stream that is about to be sent has failed, of Node.js or of the web, or the body of a `Response`. */
export function whenStreamFails(payload: unknown, tell: (error: unknown) => void): void {
  // Most often it is text.
  if (typeof payload !== 'object' || payload === null) return;
  if (payload instanceof Stream) {
    // No listener for errors: one that nobody else takes must end the process as it would without it.
    payload.once(errorMonitor, tell);
    return;
  }
  const stream = webStreamOf(payload);
  if (stream === undefined) return;
  // Only whoever reads it is told of its error, and there can be one reader only, which is Fastify's.
  const getReader = stream.getReader.bind(stream);
  stream.getReader = (...given) => {
    const reader = getReader(...given);
    reader.closed.catch(tell);
    return reader;
  };
}

function webStreamOf(payload: object): WebStream | undefined {
  const found = payload instanceof Response ? payload.body : (payload as Partial<WebStream>);
  return typeof found?.getReader === 'function' ? (found as WebStream) : undefined;
}

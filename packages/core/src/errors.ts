/**
 * What a {@link MetricError} is about; programs can rely on it, messages may change.
 *
 * - `INVALID_NAME`, `INVALID_HELP`, `INVALID_UNIT`: a metric's definition
 * - `INVALID_LABEL_NAME`: a label name that is malformed, repeated or reserved
 * - `INVALID_LABELS`: label names or a number of label values other than the declared ones
 * - `INVALID_LABEL_VALUE`: a label value that has no text, an object for example
 * - `INVALID_VALUE`: a number that the metric can't take, or something that isn't a number
 * - `INVALID_BUCKETS`: bucket bounds that are unsorted, repeated or not numbers
 * - `DUPLICATE_NAME`: two families in one registry would expose the same sample name
 * - `DIFFERENT_DEFINITION`: get-or-make found a metric of that name which is defined otherwise
 * - `INVALID_OPTION`: any other option
 */
export type MetricErrorCode =
  | 'INVALID_NAME'
  | 'INVALID_HELP'
  | 'INVALID_UNIT'
  | 'INVALID_LABEL_NAME'
  | 'INVALID_LABELS'
  | 'INVALID_LABEL_VALUE'
  | 'INVALID_VALUE'
  | 'INVALID_BUCKETS'
  | 'DUPLICATE_NAME'
  | 'DIFFERENT_DEFINITION'
  | 'INVALID_OPTION';

/**
 * Every mistake that this library refuses: the message says what was given, what is wrong with it and
 * what to do. What had been recorded before stays as it was.
 *
 * @example
 * ```ts
 * const counter = new Counter({ name: 'jobs', help: 'Jobs done', registry: null });
 * try {
 *   counter.inc(-1);
 * } catch (error) {
 *   (error as MetricError).code; // 'INVALID_VALUE'
 * }
 * ```
 */
export class MetricError extends Error {
  override readonly name = 'MetricError';
  readonly code: MetricErrorCode;

  constructor(code: MetricErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Shows in a message what was given, shortened; never throws, whatever it is. */
export function show(given: unknown): string {
  const text = typeof given === 'string' ? JSON.stringify(given) : textOf(given);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** Shows in a message what was thrown, which may be anything. */
export function reasonOf(thrown: unknown): string {
  try {
    // By its name, as it may be of another copy of this package; what it says is to be read to its end.
    if (thrown instanceof Error && thrown.name === 'MetricError') return thrown.message;
    return show(String(thrown));
  } catch {
    return show(thrown);
  }
}

function textOf(given: unknown): string {
  if (typeof given === 'bigint') return `${given}n`;
  if (typeof given === 'function') return 'a function';
  if (typeof given !== 'object' || given === null) return String(given);
  try {
    return JSON.stringify(given, markText)?.replace(/"\\u0001(.*?)\\u0001"/g, '$1') ?? 'an object';
  } catch {
    return 'an object';
  }
}

/** Marks what JSON has no way to write, and would show as null. */
function markText(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `\u0001${value}n\u0001`;
  return typeof value === 'number' && !Number.isFinite(value) ? `\u0001${value}\u0001` : value;
}

import type { IncomingMessage } from 'node:http';
import type { LabelValue, Registry } from '@prometer/core';
import { guarded, warnsOnce } from '../callback.ts';
import { checkOptions, invalidOption, show } from '../options.ts';
import { LONGEST_VALUE } from './labels.ts';

/**
 * Reads a label's value from a request, when its response is over. An array, as Node.js may have of a header that has come
 * several times, is no value: the label is empty for such a request, which counts as an error.
 */
export type LabelFunction<Request = IncomingMessage> = (request: Request) => LabelValue | readonly string[];

/** A label of one's own: a function, or one together with the values that it may have. */
export type HttpLabel<Request = IncomingMessage> =
  | LabelFunction<Request>
  | {
      /** All that it may be; any other value becomes `other`. */
      readonly values: readonly LabelValue[];
      readonly from: LabelFunction<Request>;
    };

/** What stands for a value outside of `values`. */
export const OTHER_VALUE = 'other';

/** Reads one label of a request; never throws. */
type ReadLabel = (request: IncomingMessage) => string;

/** The labels that a program adds to the metrics of its requests. */
export interface CustomLabels {
  readonly names: readonly string[];
  /** Their values for a request, in the order of `names`; each function runs once. */
  read(request: IncomingMessage): readonly string[];
}

const NONE: readonly string[] = [];

/**
 * @throws MetricError `INVALID_OPTION` for what can't be read, and for a label that the metrics have of themselves
 */
export function customLabels(
  given: Readonly<Record<string, HttpLabel>> | undefined,
  builtIn: readonly string[],
  registry: Registry,
): CustomLabels {
  if (given === undefined) return { names: NONE, read: () => NONE };
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw invalidOption(
      `The option "labels" is ${show(given)}: give an object of functions, such as { tenant: (request) => request.headers['x-tenant'] }.`,
    );
  }
  const names = Object.keys(given);
  const readers = names.map((name) => {
    if (builtIn.includes(name)) {
      throw invalidOption(
        `The option "labels" has ${show(name)}, which the metrics have already: choose another name.`,
      );
    }
    return labelReader(name, given[name] as HttpLabel, registry);
  });
  if (readers.length === 0) return { names: NONE, read: () => NONE };
  return { names, read: (request) => readers.map((read) => read(request)) };
}

function labelReader(name: string, given: HttpLabel, registry: Registry): ReadLabel {
  const { from, values } = checkLabel(name, given);
  const warnOf = warnsOnce(
    'PROMETER_LABEL_ERROR',
    (wrong) =>
      `The function of label ${show(name)} ${wrong}: the label is empty for such requests, and prometer_label_errors_total counts them.`,
  );
  const fail = (wrong: string): string => {
    countError(registry, name);
    warnOf(wrong);
    return '';
  };
  const valueOf = guarded(from, (wrong): undefined => {
    fail(wrong);
  });
  return (request) => {
    const value: unknown = valueOf(request);
    if (value === undefined || value === null) return '';
    if (!isText(value)) return fail(`has returned ${show(value)}, which is no text`);
    const text = typeof value === 'string' ? value : String(value);
    if (values !== undefined) return values.has(text) ? text : OTHER_VALUE;
    if (text.length <= LONGEST_VALUE) return text;
    return fail(`has returned ${text.length} characters, more than ${LONGEST_VALUE}`);
  };
}

function checkLabel(name: string, given: HttpLabel): { from: LabelFunction; values: ReadonlySet<string> | undefined } {
  if (typeof given === 'function') return { from: given, values: undefined };
  const what = `The label ${show(name)} of the option "labels"`;
  if (typeof given !== 'object' || given === null) {
    throw invalidOption(`${what} is ${show(given)}: give a function of the request, or { values, from }.`);
  }
  checkOptions(`the label ${show(name)}`, given, ['values', 'from']);
  const { values, from } = given;
  if (typeof from !== 'function') {
    throw invalidOption(`${what} has the from ${show(from)}: give a function of the request.`);
  }
  const isUsable = Array.isArray(values) && values.length > 0 && values.every((value) => isText(value));
  if (!isUsable) {
    throw invalidOption(
      `${what} has the values ${show(values)}: give an array of all that it may be, such as ['free', 'pro'].`,
    );
  }
  return { from, values: new Set(values.map(String)) };
}

function isText(value: unknown): value is string | number | boolean | bigint {
  return ['string', 'number', 'boolean', 'bigint'].includes(typeof value);
}

function countError(registry: Registry, label: string): void {
  try {
    registry
      .counter({
        name: 'prometer_label_errors',
        help: 'Requests for which the function of a label failed or returned what is no label.',
        labelNames: ['label'],
      })
      .inc({ label });
  } catch {
    // The program has another metric of that name: the warning has to do.
  }
}

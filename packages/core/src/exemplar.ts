import { reasonOf } from './errors.ts';
import { labelText, type LabelValue } from './labels.ts';
import type { Exemplar } from './model.ts';
import { nowInSeconds, type SeriesOwner } from './series.ts';

/** What an exemplar says of the one thing that was counted or observed: a trace's id, most often. */
export type ExemplarLabels = Readonly<Record<string, LabelValue>>;

/** The most that names and values may have together, in characters (OpenMetrics 1.0, "Exemplars"). */
const MOST_CHARACTERS = 128;

/**
 * An exemplar with copies of its labels. One that can't be kept is dropped with one warning, since what it belongs to
 * must not be lost for it.
 */
export function makeExemplar(owner: SeriesOwner, given: ExemplarLabels, value: number): Exemplar | undefined {
  try {
    if (typeof given !== 'object') throw new TypeError(`they are ${typeof given}`);
    const labels = Object.entries(given).map(([name, label]) => [name.toWellFormed(), labelText(name, label)] as const);
    const length = labels.reduce((sum, [name, label]) => sum + codePoints(name) + codePoints(label), 0);
    if (length <= MOST_CHARACTERS) return { labels: Object.fromEntries(labels), value, timestamp: nowInSeconds() };
    warn(owner, `its labels have ${length} characters: give ${MOST_CHARACTERS} at most`);
  } catch (error) {
    warn(owner, `${reasonOf(error)}: give an object of strings, such as { trace_id: 'abc' }`);
  }
  return undefined;
}

function warn(owner: SeriesOwner, wrong: string): void {
  owner.warnOnce(
    'PROMETER_EXEMPLAR_DROPPED',
    `An exemplar of metric ${JSON.stringify(owner.name)} is dropped, its value is kept: ${wrong}.`,
  );
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

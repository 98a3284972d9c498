import { MetricError, reasonOf, show } from './errors.ts';
import { charactersIn, labelText, MOST_EXEMPLAR_CHARACTERS, ownText, type LabelValue } from './labels.ts';
import type { Exemplar } from './model.ts';
import { nowInSeconds, type SeriesOwner } from './series.ts';

/** What an exemplar says of the one thing that was counted or observed: a trace's id, most often. */
export type ExemplarLabels = Readonly<Record<string, LabelValue>>;

const REMEDY = "give an object of strings, such as { trace_id: 'abc' }";

/**
 * An exemplar with copies of its labels. One that can't be kept is dropped with one warning, since what it belongs to
 * must not be lost for it.
 */
export function makeExemplar(owner: SeriesOwner, given: ExemplarLabels, value: number): Exemplar | undefined {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return drop(owner, `${show(given)} is no object with labels: ${REMEDY}.`);
  try {
    // To Prometheus, a label with an empty value is one that isn't there: a span that has no id, for example.
    const labels = Object.entries(given)
      .map(([name, label]) => [ownText(name.toWellFormed()), ownText(labelText(name, label))] as const)
      .filter(([, label]) => label !== '');
    if (labels.length === 0) return undefined;
    if (labels.some(([name]) => name === '')) return drop(owner, `the name of a label is empty: ${REMEDY}.`);
    const length = charactersIn(labels.flat());
    if (length > MOST_EXEMPLAR_CHARACTERS)
      return drop(owner, `its labels have ${length} characters: give ${MOST_EXEMPLAR_CHARACTERS} at most.`);
    return { labels: Object.fromEntries(labels), value, timestamp: nowInSeconds() };
  } catch (error) {
    return drop(owner, error instanceof MetricError ? error.message : `${reasonOf(error)}: ${REMEDY}.`);
  }
}

function drop(owner: SeriesOwner, wrong: string): undefined {
  owner.warnOnce(
    'PROMETER_EXEMPLAR_DROPPED',
    `An exemplar of metric ${show(owner.name)} is dropped, its value is kept: ${wrong}`,
  );
}

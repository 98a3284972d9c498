import { checkDefinition, type MetricDefinition, type RegistryOption } from './definition.ts';
import { MetricError, show } from './errors.ts';
import { Family } from './family.ts';
import type { StateSetSeriesView } from './model.ts';
import { BaseSeries, type Rows } from './series.ts';

/** What a state set is made from: it has no unit. */
export interface StateSetDefinition<Names extends readonly string[], States extends readonly string[]> extends Omit<
  MetricDefinition<Names, StateSet<Names, States>>,
  'unit'
> {
  /** What it can be in; at least one. */
  states: States;
}

/** One series of a {@link StateSet}: what its `labels()` returns. */
export class StateSetSeries<State extends string = string> extends BaseSeries implements StateSetSeriesView {
  readonly #all: readonly string[];
  #current: string | undefined = undefined;

  /** @internal Series are made by `labels()`. */
  constructor(rows: Rows, row: number, states: readonly string[]) {
    super(rows, row);
    this.#all = states;
  }

  /**
   * Says which state it is in now; it is in no other.
   *
   * @throws MetricError `INVALID_VALUE` for a state that it can't be in; it stays in the one before
   */
  set(state: State): void {
    if (!this.#all.includes(state)) {
      throw new MetricError(
        'INVALID_VALUE',
        `State set ${show(this.owner.name)} can't be in the state ${show(state)}: give one of ${this.#all.map(show).join(', ')}.`,
      );
    }
    this.#current = state;
  }

  /** The state that it is in; undefined before the first `set`. */
  get(): State | undefined {
    return this.#current as State | undefined;
  }

  /** For a registry and its encoders. */
  get states(): Record<string, boolean> {
    return Object.fromEntries(this.#all.map((state) => [state, state === this.#current]));
  }
}

/**
 * Which one of some states something is in (OpenMetrics 1.0, "StateSet"). Exposed as one sample for each state, 1 for the
 * one that it is in, with the state in a label that has the metric's own name.
 *
 * @example
 * ```ts
 * const job = new StateSet({ name: 'job', help: 'The job', states: ['starting', 'running'], registry });
 * job.set('running');
 * registry.getSampleValue('job', { job: 'running' }); // 1
 * registry.getSampleValue('job', { job: 'starting' }); // 0
 * ```
 */
export class StateSet<
  const Names extends readonly string[] = readonly [],
  const States extends readonly string[] = readonly string[],
> extends Family<'stateset', Names, StateSetSeries<States[number]>> {
  readonly states: readonly string[];

  /** @throws MetricError when a name, label name, state or other option is not usable, or the name is taken. */
  constructor(definition: StateSetDefinition<Names, States> & RegistryOption) {
    checkDefinition('stateset', definition);
    const states = checkStates(definition.name, definition.states);
    super({
      type: 'stateset',
      options: ['states'],
      reservedLabel: definition.name,
      definition,
      makeSeries: (rows, row) => new StateSetSeries(rows, row, states),
    });
    this.states = states;
  }

  /** Says which state it is in now; with labels, `labels(...).set(state)`. See {@link StateSetSeries.set}. */
  set(...given: Names extends readonly [] ? [state: States[number]] : [never]): void;
  set(state: string): void {
    this.seriesOf(undefined).set(state);
  }

  /** The state that it is in, undefined before the first `set`; with labels, `labels(...).get()`. */
  get(...none: Names extends readonly [] ? [] : [never]): States[number] | undefined;
  get(): string | undefined {
    return this.seriesOf(undefined).get();
  }
}

function checkStates(name: string, given: readonly string[]): readonly string[] {
  const states: unknown[] = Array.isArray(given) ? [...given] : [];
  const areNames = states.every((state) => typeof state === 'string' && state !== '' && state.isWellFormed());
  if (states.length > 0 && areNames && new Set(states).size === states.length) return states as string[];
  throw new MetricError(
    'INVALID_OPTION',
    `The option "states" of state set ${show(name)} is ${show(given)}: give an array of different texts, such as ['starting', 'running'].`,
  );
}

import type { Exemplar } from '../model.ts';
import type { NativeConfig } from './native-options.ts';

/** Every exemplar of a native histogram has a timestamp. */
export type NativeExemplar = Exemplar & { readonly timestamp: number };

/**
 * The exemplars that one series keeps for its native buckets: few, but spread over the values, and none for ever. They
 * are kept as Prometheus' Go client does it; the specification leaves it open (Prometheus, "Native histograms",
 * "Exemplars").
 */
export class NativeExemplars {
  readonly #max: number;
  readonly #ttlMs: number;
  /** Ascending by value. */
  readonly #kept: NativeExemplar[] = [];

  constructor({ maxExemplars, exemplarTtlSeconds }: Pick<NativeConfig, 'maxExemplars' | 'exemplarTtlSeconds'>) {
    this.#max = maxExemplars;
    this.#ttlMs = exemplarTtlSeconds * 1000;
  }

  /** Keeps an exemplar, of a value that is in a bucket, in the place of another one where all places are taken. */
  add(exemplar: NativeExemplar): void {
    if (this.#max === 0 || Number.isNaN(exemplar.value)) return;
    const kept = this.#kept;
    const above = kept.findIndex(({ value }) => value > exemplar.value);
    kept.splice(above === -1 ? kept.length : above, 0, exemplar);
    if (kept.length > this.#max) kept.splice(this.#replacedBy(exemplar), 1);
  }

  /** What is kept, ascending by value; a copy, for whoever is given it may change it. */
  list(): Exemplar[] {
    return this.#kept.map((exemplar) => ({ ...exemplar, labels: { ...exemplar.labels } }));
  }

  clear(): void {
    this.#kept.length = 0;
  }

  /** The oldest if it has expired, else the older one of the two that are closest on a logarithmic scale. */
  #replacedBy(added: NativeExemplar): number {
    const kept = this.#kept;
    const older = (a: number, b: number): number => {
      const [first, second] = [kept[a] as NativeExemplar, kept[b] as NativeExemplar];
      return second !== added && (first === added || second.timestamp < first.timestamp) ? b : a;
    };
    let replaced = kept.reduce((oldest, _, i) => older(oldest, i), 0);
    // In whole milliseconds, because a difference of seconds isn't exact.
    const age = Math.round((added.timestamp - (kept[replaced] as NativeExemplar).timestamp) * 1000);
    if (age > this.#ttlMs) return replaced;
    let closest = Infinity;
    for (let i = 1; i < kept.length; i++) {
      const distance = logDistance((kept[i - 1] as Exemplar).value, (kept[i] as Exemplar).value);
      if (distance >= closest) continue;
      closest = distance;
      replaced = older(i - 1, i);
    }
    return replaced;
  }
}

/** Nothing is near to zero, or to what is on its other side. */
function logDistance(a: number, b: number): number {
  if (a === b) return 0;
  return Math.sign(a) === Math.sign(b) ? Math.abs(Math.log(Math.abs(a)) - Math.log(Math.abs(b))) : Infinity;
}

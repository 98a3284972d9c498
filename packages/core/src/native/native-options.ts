import { schemaOf } from './bucket-index.ts';
import { MetricError, show } from '../errors.ts';

/** How native buckets are made and limited; all of it may be left out. */
export interface NativeOptions {
  /** How much wider than the one before a bucket may be at most; above 1. Left out: 1.1. */
  factor?: number | undefined;
  /** What is no further from 0 than this counts as 0; 0 for nothing but 0 itself. Left out: 2 ** -128. */
  zeroThreshold?: number | undefined;
  /** How many buckets a series may have before it makes do with fewer; 0 for no limit. Left out: 160. */
  maxBuckets?: number | undefined;
  /**
   * Over the limit, a series that hasn't started again for so long does so, from zero; one that has makes its buckets
   * wider until then. 0 for never. Left out: 3600.
   */
  minResetSeconds?: number | undefined;
  /** How far the zero bucket may grow before the resolution is halved instead. Left out: 0, not at all. */
  maxZeroThreshold?: number | undefined;
  /** How many exemplars of a series are kept beside those of its classic buckets. Left out: 10. */
  maxExemplars?: number | undefined;
  /** After how long an exemplar gives way to any new one; below 0 for at once. Left out: 300. */
  exemplarTtlSeconds?: number | undefined;
}

/** {@link NativeOptions}, checked and complete. */
export interface NativeConfig extends Readonly<Required<{ [Name in keyof NativeOptions]: number }>> {
  /** The resolution that `factor` asks for. */
  readonly schema: number;
}

type Rule = readonly [byDefault: number, needed: string, allows: (given: number) => boolean];

const ABOVE_ZERO: Rule[2] = (given) => given >= 0;
const WHOLE: Rule[2] = (given) => Number.isInteger(given) && given >= 0;

const RULES: { readonly [Name in keyof Required<NativeOptions>]: Rule } = {
  factor: [1.1, 'a number above 1', (given) => given > 1],
  zeroThreshold: [2 ** -128, 'a number that is 0 or more', ABOVE_ZERO],
  maxBuckets: [160, 'a whole number, or 0 for no limit', WHOLE],
  minResetSeconds: [3600, 'a number of seconds, or 0 for never', ABOVE_ZERO],
  maxZeroThreshold: [0, 'a number that is 0 or more', ABOVE_ZERO],
  maxExemplars: [10, 'a whole number, or 0 for none', WHOLE],
  exemplarTtlSeconds: [300, 'a number of seconds', () => true],
};

/**
 * Checks a metric's `native` option, once for all of its series; nothing where it has no native buckets.
 *
 * @throws MetricError `INVALID_OPTION`
 */
export function checkNative(metric: string, option: boolean | NativeOptions | undefined): NativeConfig | undefined {
  if (option === undefined || option === false) return undefined;
  const given = option === true ? {} : option;
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw refused(metric, 'native', given, 'give true or an object with options, such as { factor: 1.1 }');
  const known = Object.keys(RULES) as (keyof NativeOptions)[];
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(RULES, name))
      throw refused(metric, `native.${name}`, value, `there is no such option, use ${known.join(', ')}`);
  }
  const config = { schema: 0 } as { -readonly [Name in keyof NativeConfig]: number };
  for (const name of known) {
    const [byDefault, needed, allows] = RULES[name];
    const value = given[name] === undefined ? byDefault : given[name];
    if (!Number.isFinite(value) || !allows(value))
      throw refused(metric, `native.${name}`, value, `give ${needed}, such as ${byDefault}`);
    config[name] = value;
  }
  config.schema = schemaOf(config.factor);
  return config;
}

function refused(metric: string, option: string, given: unknown, todo: string): MetricError {
  return new MetricError(
    'INVALID_OPTION',
    `The option ${show(option)} of metric ${show(metric)} is ${show(given)}: ${todo}.`,
  );
}

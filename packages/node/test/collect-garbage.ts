import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Collects what earlier tests left, so that memory rises by what a test allocates and falls by nothing else. */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

/**
 * By how much a reading grows with what is kept, at most, in five attempts: what earlier tests have left may be given back
 * meanwhile, but only once.
 */
export function growthOf(read: () => number, make: () => { readonly length: number }): number {
  const growths = Array.from({ length: 5 }, () => {
    collectGarbage();
    const before = read();
    const kept = make();
    const growth = read() - before;
    return kept.length > 0 ? growth : NaN;
  });
  return Math.max(...growths);
}

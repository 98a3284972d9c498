import { inspect } from 'node:util';

/**
 * Shows in a message what was given, shortened; never throws, whatever it is.
 *
 * @internal
 */
export function show(given: unknown): string {
  return shortened(typeof given === 'string' ? JSON.stringify(given) : inspected(given));
}

/** @internal */
export function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function inspected(given: unknown): string {
  try {
    return inspect(given, { depth: 0, breakLength: Infinity });
  } catch {
    return typeof given;
  }
}

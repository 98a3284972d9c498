import { invalidOption, show } from '../options.ts';

/** Prometheus' own, where nothing else is said: a collector that hangs must not hang every scrape. */
export const DEFAULT_TIMEOUT_SECONDS = 10;

/** What is left of a scrape's time goes into sending. */
const COLLECTORS_SHARE = 0.9;

/** Any client can say that it waits for years: that keeps no collector, and no connection, for longer than this. */
const LONGEST_ASKED_SECONDS = 600;

/** A timer with more runs at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** How long collectors may take: what the operator allows, or less if the one who asks won't wait that long. */
export function collectorsTimeout(header: string | readonly string[] | undefined, allowed: number | undefined): number {
  const asked = secondsOf(header);
  if (asked === undefined) return allowed ?? DEFAULT_TIMEOUT_SECONDS;
  return Math.min(asked * COLLECTORS_SHARE, allowed ?? LONGEST_ASKED_SECONDS);
}

/** How long a whole answer may take: `usualMs`, or what collectors may take and half of that to send it. */
export function answerTimeoutMs(
  header: string | readonly string[] | undefined,
  allowed: number | undefined,
  usualMs: number,
): number {
  if (secondsOf(header) === undefined && allowed === undefined) return usualMs;
  const withCollectors = collectorsTimeout(header, allowed) * 1000 + usualMs / 2;
  return Math.min(Math.max(usualMs, withCollectors), LONGEST_TIMER_MS);
}

/** The header in which Prometheus says how long it waits. */
export const TIMEOUT_HEADER = 'x-prometheus-scrape-timeout-seconds';

/** @throws MetricError `INVALID_OPTION` */
export function checkTimeout(seconds: number | undefined): number | undefined {
  if (seconds === undefined || (typeof seconds === 'number' && seconds >= 0)) return seconds;
  throw invalidOption(
    `The option "timeoutSeconds" is ${show(seconds)}: give a number of seconds, or leave it out for as long as the scrape has.`,
  );
}

/** Prometheus writes decimals; whatever else there is, is as if there was nothing. */
function secondsOf(header: string | readonly string[] | undefined): number | undefined {
  const seconds = typeof header === 'string' && /^\d+(?:\.\d+)?$/.test(header) ? Number(header) : 0;
  return seconds > 0 && seconds < Infinity ? seconds : undefined;
}

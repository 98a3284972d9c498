import { invalidOption, show } from '../options.ts';

/**
 * A port's number; environment variables are text, so text is taken as well.
 *
 * @throws MetricError `INVALID_OPTION`
 */
export function checkPort(port: unknown): number {
  const number = typeof port === 'string' && /^\d{1,5}$/.test(port) ? Number(port) : port;
  if (Number.isInteger(number) && (number as number) >= 0 && (number as number) <= 65535) return number as number;
  throw invalidOption(
    `${port === undefined ? 'No port is given' : `${show(port)} is no port`}: give a number from 0 to 65535; 0 takes any free one.`,
  );
}

import { invalidOption, show } from './options.ts';

/** Where metrics are served; everybody who scrapes looks here first. */
export const DEFAULT_PATH = '/metrics';

/** @throws MetricError `INVALID_OPTION` for what no request can ask for */
export function checkPath(path: string): string {
  if (typeof path === 'string' && /^\/[^?#\s]*$/.test(path)) return path;
  throw invalidOption(
    `The path ${show(path)} can't be asked for: give one that begins with a slash and has no query, such as "/metrics".`,
  );
}

/** Whether a request's target is that path, with or without a query. */
export function isAt(path: string, target: string | undefined): boolean {
  if (target === undefined || !target.startsWith(path)) return false;
  return target.length === path.length || target[path.length] === '?';
}

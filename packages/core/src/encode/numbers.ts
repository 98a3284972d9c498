/**
 * A number as Go writes it, which is how Prometheus' own programs do: the shortest digits that read back as
 * the same number, with an exponent of at least two digits below 1e-4 and from 1e6 on.
 *
 * @example
 * ```ts
 * formatNumber(1e6); // '1e+06'
 * formatNumber(-0.25); // '-0.25'
 * ```
 */
export function formatNumber(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e-4 && size < 1e6) return String(value);
  if (value === 0) return '0';
  if (size === Infinity) return value > 0 ? '+Inf' : '-Inf';
  // That of NaN is 'NaN'.
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
}

/**
 * The value of the labels `le` and `quantile`: the same with `.0` where it would read as an integer, so that a
 * bucket is the same series in every format (OpenMetrics 1.0, "Considerations: Canonical Numbers").
 */
export function formatBound(value: number): string {
  const text = formatNumber(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

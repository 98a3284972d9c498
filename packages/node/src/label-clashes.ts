import { warn, type Registry } from '@prometer/core';

/** A metric that a registry can't have, as it adds the label itself. */
export interface Clash {
  metric: string;
  label: string;
}

/** Of which metrics each registry's owner knows. */
const warnedOf = new WeakMap<Registry, Set<string>>();

/** Says once of each registry which metrics it can't have, and what to do. */
export function warnOfClashes(registry: Registry, clashes: readonly Clash[]): void {
  const known = warnedOf.get(registry) ?? new Set();
  warnedOf.set(registry, known);
  const news = clashes.filter(({ metric }) => !known.has(metric));
  if (news.length === 0) return;
  for (const { metric } of news) known.add(metric);
  const which = news.map(({ metric, label }) => `"${metric}" with the label "${label}"`).join(', ');
  const [{ label }] = news as [Clash];
  warn(
    'PROMETER_LABEL_CLASH',
    `Default metrics are left out, as their registry adds a label of the same name to every series: ${which}. Call the label of the registry something else, such as "app_${label}", or collect them in a registry without it.`,
  );
}

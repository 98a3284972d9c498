import { Gauge, MetricError, type Registry } from '@prometer/core';

/** A metric that a registry can't have, as it adds the label itself. */
export interface Clash {
  metric: string;
  label: string;
}

/** The first of these labels that a registry adds to every series: it refuses a metric that has one as its own. */
export function constantLabelAmong(registry: Registry, labelNames: readonly string[]): string | undefined {
  if (accepts(registry, labelNames)) return undefined;
  return labelNames.find((label) => !accepts(registry, [label]));
}

/** A registry doesn't tell its labels, but refuses those who have them; what it accepts is gone in the same step. */
function accepts(registry: Registry, labelNames: readonly string[]): boolean {
  const probe = new Gauge({ name: 'prometer_label_probe', help: '', labelNames, registry: null });
  try {
    registry.register(probe);
    registry.unregister(probe);
    return true;
  } catch (error) {
    // By its name, as it may be of another copy of the core.
    const { name, code } = error as Partial<MetricError>;
    return !(name === 'MetricError' && code === 'INVALID_LABEL_NAME');
  }
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
  process.emitWarning(
    `Default metrics are left out, as their registry adds a label of the same name to every series: ${which}. Call the label of the registry something else, such as "app_${label}", or collect them in a registry without it.`,
    { type: 'PrometerWarning', code: 'PROMETER_LABEL_CLASH' },
  );
}

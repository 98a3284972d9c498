// Which families and samples a reader has to find, worked out from plain data by the words of the specifications.

/** OpenMetrics 1.0, "Metric types". */
export function inOpenMetrics(families, { created = false } = {}) {
  return families.map((family) => {
    const { type, unit = '', help } = family;
    const name = exposedName(family.name);
    const sampleOf =
      ({ labels, timestamp }) =>
      ({ name: suffix, extra, value, exemplar, most }) =>
        sample(
          name + suffix,
          { ...labelsOf(labels), ...extra },
          value,
          timestamp === undefined ? null : timestamp / 1000,
          exemplarOf(exemplar, most),
        );
    const samples = family.series.flatMap((series) =>
      pointsOf(family, series, 'openmetrics', created).map(sampleOf(series)),
    );
    return { name, type, unit, help, samples };
  });
}

/** Prometheus' text format 0.0.4, as Python's reader gives it: the name of a counter's family without its suffix. */
export function inText(families, { created = false } = {}) {
  return families.flatMap((family) => {
    const { type, help } = family;
    const name = exposedName(family.name);
    const sampleOf =
      ({ labels, timestamp }) =>
      ({ name: suffix, extra, value }) =>
        sample(
          name + suffix,
          { ...labelsOf(labels), ...extra },
          value,
          timestamp === undefined ? null : Math.trunc(timestamp) / 1000,
          null,
        );
    const samples = family.series.flatMap((series) => pointsOf(family, series, 'text', false).map(sampleOf(series)));
    const textType = TEXT_TYPES[type] ?? type;
    const own = { name: type === 'info' ? `${name}_info` : name, type: textType, unit: '', help, samples };
    const begun =
      created && HAS_CREATED.has(type) ? family.series.filter((series) => series.created !== undefined) : [];
    if (begun.length === 0) return [own];
    // The format has no place for it, so it is a family of its own, of now.
    const times = begun.map((series) => sample(`${name}_created`, labelsOf(series.labels), series.created, null, null));
    return [own, { name: `${name}_created`, type: 'gauge', unit: '', help, samples: times }];
  });
}

/** Families with their samples in one order, and with bounds as numbers: how a bound is written is for other tests. */
export function comparable(families) {
  return families.map((family) => ({ ...family, samples: family.samples.map(withNumber).toSorted(byLabels) }));
}

/** A label's name as it is exposed where it can't be in quotes (Prometheus, "Escaping schemes: underscores"). */
export function underscored(name) {
  return name.replaceAll(/[^a-zA-Z0-9_]/gu, '_').replace(/^\d/, '_');
}

/** A metric's name may have colons. */
function exposedName(name) {
  return name.replaceAll(/[^a-zA-Z0-9_:]/gu, '_').replace(/^\d/, '_');
}

const HAS_CREATED = new Set(['counter', 'histogram', 'summary']);
const TEXT_TYPES = { gaugehistogram: 'histogram', info: 'gauge', stateset: 'gauge' };

function pointsOf(family, series, format, created) {
  const points = POINTS[family.type](series, format, family);
  if (created && HAS_CREATED.has(family.type) && series.created !== undefined)
    points.push({ name: '_created', value: series.created });
  return points;
}

const POINTS = {
  counter: ({ value, exemplar }) => [{ name: '_total', value, exemplar, most: Infinity }],
  gauge: ({ value }) => [{ name: '', value }],
  unknown: ({ value }) => [{ name: '', value }],
  info: ({ value }) => [{ name: '_info', value }],
  stateset: ({ states }, _, { name }) =>
    Object.entries(states).map(([state, isIn]) => ({
      name: '',
      extra: { [exposedName(name)]: state },
      value: isIn ? 1 : 0,
    })),
  summary: ({ count, sum, quantiles }) => [
    ...quantiles.map(({ quantile, value }) => ({ name: '', extra: { quantile }, value })),
    { name: '_sum', value: sum },
    { name: '_count', value: count },
  ],
  histogram: (series, format) => {
    const hasSum = format === 'text' || !hasNegativeBound(series);
    return [
      ...bucketsOf(series),
      ...(hasSum
        ? [
            { name: '_sum', value: series.sum },
            { name: '_count', value: series.count },
          ]
        : []),
    ];
  },
  gaugehistogram: (series, format) => {
    if (format === 'text') return POINTS.histogram(series, format);
    const { sum, count } = series;
    const hasSum = !Number.isNaN(sum) && (sum >= 0 || hasNegativeBound(series));
    return [
      ...bucketsOf(series),
      ...(hasSum
        ? [
            { name: '_gsum', value: sum },
            { name: '_gcount', value: count },
          ]
        : []),
    ];
  },
};

/** There is always one of +Inf, which counts all. */
function bucketsOf({ buckets, count }) {
  const all = buckets.at(-1)?.upperBound === Infinity ? buckets : [...buckets, { upperBound: Infinity, count }];
  return all.map(({ upperBound, count: value, exemplar }) => ({
    name: '_bucket',
    extra: { le: upperBound },
    value,
    exemplar,
    most: upperBound,
  }));
}

function hasNegativeBound({ buckets }) {
  return buckets.some(({ upperBound }) => upperBound < 0);
}

function sample(name, labels, value, timestamp, exemplar) {
  // There is no -0 in Prometheus' formats.
  return { name, labels, value: value + 0, timestamp, exemplar };
}

function labelsOf(labels) {
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [underscored(name), value]));
}

/** One without labels says nothing; one that has a label twice, is too long or outside of its bucket may not stand there. */
function exemplarOf(exemplar, most) {
  if (exemplar === undefined) return null;
  const labels = labelsOf(exemplar.labels);
  const pairs = Object.entries(labels);
  const isTwice = pairs.length < Object.keys(exemplar.labels).length;
  const length = pairs.flat().reduce((sum, text) => sum + [...text].length, 0);
  // Prometheus refuses a document for a NUL there.
  const hasNul = pairs.some(([, text]) => text.includes('\0'));
  if (pairs.length === 0 || isTwice || hasNul || length > 128 || exemplar.value > most) return null;
  return { labels, value: exemplar.value + 0, timestamp: exemplar.timestamp ?? null };
}

function withNumber(given) {
  const labels = { ...given.labels };
  for (const name of ['le', 'quantile'])
    if (Object.hasOwn(labels, name)) labels[name] = Number(String(labels[name]).replace('+Inf', 'Infinity'));
  return { ...given, labels };
}

function byLabels(a, b) {
  const [one, other] = [a, b].map(({ name, labels }) => {
    const pairs = Object.entries(labels).map(([label, value]) => JSON.stringify([label, String(value)]));
    return JSON.stringify([name, pairs.toSorted()]);
  });
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

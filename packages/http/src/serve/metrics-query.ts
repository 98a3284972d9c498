/** As many characters, and parameters, as Java's client takes: more is no filter but an attempt. */
const MOST_CHARACTERS = 65_536;
const MOST_PARAMETERS = 1024;

/** The names that a scrape asks for, undefined for all; or why it can't be answered. */
export type MetricsQuery = { names: readonly string[] | undefined } | { refusal: string };

/** Reads the `name[]` parameters of a request's target; never throws, whatever is in it. */
export function metricsQuery(target: string): MetricsQuery {
  const start = target.indexOf('?');
  if (start < 0) return { names: undefined };
  const query = target.slice(start + 1);
  if (query.length > MOST_CHARACTERS) return tooLong(`${MOST_CHARACTERS} characters`);
  if (query.split('&', MOST_PARAMETERS + 1).length > MOST_PARAMETERS) return tooLong(`${MOST_PARAMETERS} parameters`);
  const names = new URLSearchParams(query).getAll('name[]');
  return { names: names.length === 0 ? undefined : names };
}

function tooLong(most: string): MetricsQuery {
  return { refusal: `The query has more than ${most}: ask for fewer metrics by name[], or for all.\n` };
}

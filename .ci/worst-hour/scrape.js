/** Asks for `/metrics`; resolves to the answer, read whole. */
export async function scrape(target, { query = '', headers = {}, accept = 'text/plain' } = {}) {
  const response = await fetch(`${target.url}/metrics${query}`, { headers: { accept, ...headers } });
  const body = await response.text();
  if (response.status !== 200) throw new Error(`/metrics answered ${response.status}: ${body.slice(0, 200)}`);
  return body;
}

const SAMPLE = /^([\w:]+)(?:\{(.*)\})? (\S+)$/s;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/gs;
const ESCAPED = { '\\n': '\n', '\\"': '"', '\\\\': '\\' };

/** The samples of one name in the text format. */
export function samplesOf(body, name) {
  const samples = [];
  for (const line of body.split('\n')) {
    const [, found, labels = '', value] = SAMPLE.exec(line) ?? [];
    if (found === name) samples.push({ labels: labelsIn(labels), value: Number(value) });
  }
  return samples;
}

/** By the values of their labels, joined by a space, what the samples of one name are. */
export function valuesOf(body, name) {
  return Object.fromEntries(samplesOf(body, name).map(({ labels, value }) => [Object.values(labels).join(' '), value]));
}

export function total(values) {
  return Object.values(values).reduce((sum, value) => sum + value, 0);
}

function labelsIn(text) {
  return Object.fromEntries(
    [...text.matchAll(LABEL)].map(([, name, value]) => [name, value.replaceAll(/\\./gs, (each) => ESCAPED[each])]),
  );
}

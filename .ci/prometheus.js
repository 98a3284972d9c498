import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { start, waitFor } from './processes.js';

/**
 * Starts a Prometheus that scrapes the given apps every second and keeps all it has in `folder`; with features that have
 * to be asked for.
 */
export async function startPrometheus(folder, urls, features = []) {
  const jobs = Object.entries(urls).map(([name, url]) => ({
    job_name: name,
    static_configs: [{ targets: [new URL(url).host] }],
  }));
  const configuration = join(folder, 'prometheus.yml');
  // JSON is YAML.
  writeFileSync(configuration, JSON.stringify({ global: { scrape_interval: '1s' }, scrape_configs: jobs }));

  const address = `127.0.0.1:${await freePort()}`;
  const program = start('prometheus', [
    `--config.file=${configuration}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=${address}`,
    // A failed scrape is logged at this level only.
    '--log.level=debug',
    `--enable-feature=${features.join(',')}`,
  ]);
  await waitFor(program, 'Prometheus', () => answers(`http://${address}/-/ready`));
  return new Prometheus(`http://${address}/api/v1`, program);
}

class Prometheus {
  #api;
  #program;

  constructor(api, program) {
    this.#api = api;
    this.#program = program;
  }

  /** The samples of an instant vector: `{ metric: labels, value: number }`, or `histogram` in place of the value. */
  async query(query) {
    const { result } = await this.#get(`query?${new URLSearchParams({ query })}`);
    return result.map(({ metric, value, histogram }) =>
      histogram === undefined
        ? { metric, value: numberOf(value[1]) }
        : { metric, histogram: histogramOf(histogram[1]) },
    );
  }

  /** The value of a query that has one sample. */
  async value(query) {
    const { value } = await this.#only(query);
    if (value === undefined) throw new Error(`${query} is a native histogram`);
    return value;
  }

  /** The native histogram of a query that has one sample: `{ count, sum, buckets: { rule, lower, upper, count }[] }`. */
  async histogram(query) {
    const { histogram } = await this.#only(query);
    if (histogram === undefined) throw new Error(`${query} is no native histogram`);
    return histogram;
  }

  /** All exemplars of the series that a query selects: `{ metric: labels, labels, value, timestamp }`. */
  async exemplars(query) {
    const now = Date.now() / 1000;
    const asked = new URLSearchParams({ query, start: now - 600, end: now + 60 });
    const found = await this.#get(`query_exemplars?${asked}`);
    return found.flatMap(({ seriesLabels, exemplars }) =>
      exemplars.map(({ labels, value, timestamp }) => ({
        metric: seriesLabels,
        labels,
        value: numberOf(value),
        timestamp,
      })),
    );
  }

  /** By the name of a family, its types, help texts and units: one of each unless targets differ. */
  async metadata() {
    return this.#get('metadata');
  }

  /** Looks for failed scrapes, refused samples, warnings and errors. */
  async expectNoComplaint() {
    const { activeTargets } = await this.#get('targets');
    const complaints = activeTargets.filter(({ lastError }) => lastError).map(({ lastError }) => lastError);
    complaints.push(
      ...this.#program.output
        .split('\n')
        .filter((line) => /level=(warn|error)|scrape failed|append failed/i.test(line)),
    );
    if (complaints.length > 0) throw new Error(complaints.join('\n'));
  }

  async #only(query) {
    const result = await this.query(query);
    if (result.length !== 1) throw new Error(`${query} has ${result.length} samples, not 1`);
    return result[0];
  }

  async #get(path) {
    const response = await fetch(`${this.#api}/${path}`, { signal: AbortSignal.timeout(10_000) });
    const { data, error } = await response.json();
    if (error) throw new Error(`${path}: ${error}`);
    return data;
  }
}

function histogramOf({ count, sum, buckets = [] }) {
  return {
    count: numberOf(count),
    sum: numberOf(sum),
    buckets: buckets.map(([rule, lower, upper, inBucket]) => ({
      rule: RULES[rule],
      lower: numberOf(lower),
      upper: numberOf(upper),
      count: numberOf(inBucket),
    })),
  };
}

/** Which of its bounds a bucket includes. */
const RULES = ['upper', 'lower', 'none', 'both'];

function numberOf(text) {
  return Number(text.replace('Inf', 'Infinity'));
}

async function answers(url) {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(1000) })).ok;
  } catch {
    return false;
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { start, waitFor } from './processes.js';

/** Starts a Prometheus that scrapes the given apps every second and keeps all it has in `folder`. */
export async function startPrometheus(folder, urls) {
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

  /** The samples of an instant vector: `{ metric: labels, value: number }`. */
  async query(query) {
    const { result } = await this.#get(`query?${new URLSearchParams({ query })}`);
    return result.map(({ metric, value: [, text] }) => ({ metric, value: Number(text) }));
  }

  /** The value of a query that has one sample. */
  async value(query) {
    const result = await this.query(query);
    if (result.length !== 1) throw new Error(`${query} has ${result.length} samples, not 1`);
    return result[0].value;
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

  async #get(path) {
    const response = await fetch(`${this.#api}/${path}`, { signal: AbortSignal.timeout(10_000) });
    const { data, error } = await response.json();
    if (error) throw new Error(`${path}: ${error}`);
    return data;
  }
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

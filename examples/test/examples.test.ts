import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { ask, until } from '../../packages/http/test/client.ts';
import { run, start, type Running } from './start.ts';

/** They listen at every address. */
const EXPORTERS = ['exporter', 'disk-usage'];
const SERVERS = [
  ...EXPORTERS,
  'fastify',
  'express',
  'plain-server',
  'route-counter',
  'express-labels',
  'fastify-labels',
  'own-port',
];

describe.each([
  ['fastify', 'A Fastify app'],
  ['express', 'An Express app'],
  ['plain-server', 'A plain server'],
])('The example %s', (name, what) => {
  let example: Running;

  beforeAll(async () => {
    example = await start(name);
  });

  afterAll(async () => {
    await example.stop();
  });

  const metrics = async (): Promise<string> => (await ask(example.port, '/metrics')).body;

  it('says in three lines what to open and what to curl', () => {
    const url = `http://127.0.0.1:${example.port}`;

    expect(example.said.map((line) => line.replace(/ +/g, ' '))).toEqual([
      `${what} runs: open ${url}/users/1, ${url}/slow and ${url}/fail`,
      `Its metrics: open ${url}/metrics`,
      `Or ask for both: curl ${url}/users/1 ${url}/metrics`,
    ]);
  });

  it('answers its routes, and counts and times each by its template and status', async () => {
    const asked = ['/', '/users/1', '/users/2', '/slow', '/fail', '/nowhere'];
    const statuses = [];
    for (const path of asked) statuses.push((await ask(example.port, path)).status);
    await until(async () => (await metrics()).includes('route="unmatched"'));
    const text = await metrics();

    expect(statuses).toEqual([200, 200, 200, 200, 500, 404]);
    expect(text.match(/^http_requests_total.*$/gm)).toEqual([
      'http_requests_total{method="GET",route="/",status_code="200"} 1',
      'http_requests_total{method="GET",route="/users/:id",status_code="200"} 2',
      'http_requests_total{method="GET",route="/slow",status_code="200"} 1',
      'http_requests_total{method="GET",route="/fail",status_code="500"} 1',
      'http_requests_total{method="GET",route="unmatched",status_code="404"} 1',
    ]);
    expect(text).toContain(
      'http_request_duration_seconds_bucket{method="GET",route="/slow",status_code="200",le="0.25"} 0\n',
    );
    expect(text).toContain(
      'http_request_duration_seconds_bucket{method="GET",route="/slow",status_code="200",le="2.5"} 1\n',
    );
  });

  it('shows metrics about its process', async () => {
    const text = await metrics();

    expect(text).toMatch(/^process_resident_memory_bytes [0-9.e+]+$/m);
    expect(text).toMatch(new RegExp(`^nodejs_version_info\\{version="${process.version}",.*\\} 1$`, 'm'));
  });
});

describe('The example exporter', () => {
  it('shows a constant and, anew every second, a random number', async () => {
    const example = await start('exporter');
    const read = async (): Promise<string> => (await ask(example.port, '/metrics?name[]=a&name[]=g')).body;
    const first = await read();
    await until(async () => (await read()) !== first);
    const second = await read();
    await example.stop();

    const [before, after] = [first, second].map(
      (text) =>
        /^# HELP a A gauge\n# TYPE a gauge\na 345\n# HELP g A gauge with a label\n# TYPE g gauge\ng\{mylabelname="ghost"\} (\S+)\n$/.exec(
          text,
        )?.[1],
    );
    expect(Number(before)).toBeLessThan(1);
    expect(Number(after)).toBeLessThan(1);
    expect(after).not.toBe(before);
    expect(example.said[0]).toBe(`An exporter runs:   open http://localhost:${example.port}/metrics`);
  });
});

describe('The example four-kinds', () => {
  it('prints all its metrics, and why one was refused', async () => {
    expect(await run(['four-kinds'])).toEqual({
      code: 0,
      out: `# HELP cc_total A counter
# TYPE cc_total counter
cc_total 3.5
# HELP gg A gauge
# TYPE gg gauge
gg 16
# HELP hh A histogram
# TYPE hh histogram
hh_bucket{le="-5.0"} 1
hh_bucket{le="0.0"} 1
hh_bucket{le="5.0"} 2
hh_bucket{le="+Inf"} 3
hh_sum 96
hh_count 3
# HELP ss A summary
# TYPE ss summary
ss_sum{label1="value1",label2="value2"} 17
ss_count{label1="value1",label2="value2"} 1
# HELP requests_total Requests
# TYPE requests_total counter
requests_total{method="get",clientip="127.0.0.1"} 1
requests_total{method="post",clientip="127.0.0.1"} 3
`,
      error:
        "INVALID_VALUE: A counter can't be increased by -1: it takes a finite number that isn't negative. What can fall is a Gauge.\n",
    });
  });
});

describe('The example route-counter', () => {
  it('counts visits and serves them from a route of its own', async () => {
    const example = await start('route-counter');
    await ask(example.port, '/');
    await ask(example.port, '/');
    const { headers, body } = await ask(example.port, '/metrics');
    await example.stop();

    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(body).toBe(
      '# HELP visits_total Visits of each page\n# TYPE visits_total counter\nvisits_total{page="/"} 2\n',
    );
  });
});

describe.each([
  ['express-labels', 'An Express app'],
  ['fastify-labels', 'A Fastify app'],
])('The example %s', (name, what) => {
  const trace = { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' };
  let example: Running;

  beforeAll(async () => {
    example = await start(name);
  });

  afterAll(async () => {
    await example.stop();
  });

  const metrics = async (accept = 'text/plain'): Promise<string> =>
    (await ask(example.port, '/metrics', 'GET', { accept })).body;

  it('says in three lines what to ask', () => {
    const url = `http://127.0.0.1:${example.port}`;

    expect(example.said.map((line) => line.replace(/ +/g, ' '))).toEqual([
      `${what} runs: curl -H 'x-plan: pro' ${url}/orders/1`,
      `Its metrics: open ${url}/metrics`,
      `With exemplars, too: curl -H 'accept: application/openmetrics-text' ${url}/metrics`,
    ]);
  });

  it('shows what can be ordered before anything is', async () => {
    expect(await metrics()).toContain('orders_total{kind="book"} 0\norders_total{kind="film"} 0\n');
  });

  it('counts by plan, whatever a header says, and leaves out what it is told to', async () => {
    for (const plan of ['pro', 'pro', 'free', 'anything'])
      await ask(example.port, '/orders/7', 'GET', { 'x-plan': plan });
    await ask(example.port, '/orders/7');
    await ask(example.port, '/health');
    await until(async () => (await metrics()).includes('plan="free"} 2\n'));

    expect((await metrics()).match(/^http_requests_total.*$/gm)).toEqual([
      'http_requests_total{method="GET",route="/orders/:id",status_code="200",plan="pro"} 2',
      'http_requests_total{method="GET",route="/orders/:id",status_code="200",plan="free"} 2',
      'http_requests_total{method="GET",route="/orders/:id",status_code="200",plan="other"} 1',
    ]);
  });

  it('keeps the trace of an order, where the format can carry it', async () => {
    const ordered = await ask(example.port, '/orders/book', 'POST', { ...trace, 'x-plan': 'pro' });
    await ask(example.port, '/orders/nothing', 'POST', { 'x-plan': 'pro' });
    await until(async () => (await metrics()).includes('status_code="404"'));
    const lines = (await metrics('application/openmetrics-text'))
      .split('\n')
      .filter((line) => /^orders_total|^http_requests_total\{method="POST"/.test(line))
      .map((line) => line.replace(/ [\d.e+]+$/, ''));
    const exemplar = '# {trace_id="4bf92f3577b34da6a3ce929d0e0e4736",span_id="00f067aa0ba902b7"} 1';

    expect(ordered.status).toBe(201);
    expect(lines).toEqual([
      `orders_total{kind="book"} 1 ${exemplar}`,
      'orders_total{kind="film"}',
      `http_requests_total{method="POST",route="/orders/:kind",status_code="201",plan="pro"} 1 ${exemplar}`,
      'http_requests_total{method="POST",route="/orders/:kind",status_code="404",plan="pro"}',
    ]);
  });
});

describe('The example disk-usage', () => {
  it('asks for each disk when it is scraped, and says which can’t be looked at', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'disk-usage-'));
    const example = await start('disk-usage', { PATHS: `/:${folder}` });
    const read = async (): Promise<string> =>
      (await ask(example.port, '/metrics')).body.replace(/^(disk_(?:size|available)_bytes.*) [1-9][\d.e+]*$/gm, '$1 N');
    const before = await read();
    rmSync(folder, { recursive: true });
    const after = await read();
    await example.stop();

    const of = (path: string, value: string): string => `{path="${path}"} ${value}\n`;
    expect(before).toBe(`# HELP disk_readable Whether the path could be looked at
# TYPE disk_readable gauge
disk_readable${of('/', '1')}disk_readable${of(folder, '1')}# HELP disk_size_bytes Size of the disk
# TYPE disk_size_bytes gauge
disk_size_bytes${of('/', 'N')}disk_size_bytes${of(folder, 'N')}# HELP disk_available_bytes What programs can still write
# TYPE disk_available_bytes gauge
disk_available_bytes${of('/', 'N')}disk_available_bytes${of(folder, 'N')}`);
    expect(after.match(/^disk_.*$/gm)).toEqual([
      'disk_readable{path="/"} 1',
      `disk_readable{path="${folder}"} 0`,
      'disk_size_bytes{path="/"} N',
      'disk_available_bytes{path="/"} N',
    ]);
  });
});

describe('The example own-port', () => {
  it('measures the app at one port and shows it at another', async () => {
    const example = await start('own-port');
    const metricsPort = Number(/Its metrics: .*:(\d+)/.exec(example.said[1] ?? '')?.[1]);
    await ask(example.port, '/');
    const atApp = await ask(example.port, '/metrics');
    const read = async (): Promise<string> => (await ask(metricsPort, '/metrics')).body;
    await until(async () => (await read()).includes('unmatched'));
    const text = await read();
    await example.stop();

    expect(atApp.status).toBe(404);
    expect(text.match(/^http_requests_total.*$/gm)).toEqual([
      'http_requests_total{method="GET",route="/",status_code="200"} 1',
      'http_requests_total{method="GET",route="unmatched",status_code="404"} 1',
    ]);
  });

  it('says what to do when the port of the metrics is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const ended = await run(['own-port'], 0, { METRICS_PORT: String(port) });
    other.close();

    expect(ended.error).toBe(
      `Port ${port} is in use. Choose another one: METRICS_PORT=${port + 1} npm start -- own-port\n`,
    );
  });
});

describe('The example batch-job', () => {
  let folder: string;
  let TEXTFILE: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'batch-job-'));
    TEXTFILE = join(folder, 'job.prom');
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  const written = (): string =>
    readFileSync(TEXTFILE, 'utf8').replace(/^(batch_job_(?:duration|end_timestamp)_seconds) [\d.e+-]+$/gm, '$1 N');

  it('writes how it went into a file, and leaves no other', async () => {
    const ended = await run(['batch-job'], undefined, { TEXTFILE });

    expect(ended).toEqual({ code: 0, out: `The job is done: cat ${TEXTFILE}\n`, error: '' });
    expect(readdirSync(folder)).toEqual(['job.prom']);
    expect(written()).toBe(`# HELP batch_job_rows Rows that the last run has handled
# TYPE batch_job_rows gauge
batch_job_rows 100
# HELP batch_job_duration_seconds How long the last run took
# TYPE batch_job_duration_seconds gauge
batch_job_duration_seconds N
# HELP batch_job_succeeded Whether the last run has succeeded
# TYPE batch_job_succeeded gauge
batch_job_succeeded 1
# HELP batch_job_end_timestamp_seconds When the last run ended
# TYPE batch_job_end_timestamp_seconds gauge
batch_job_end_timestamp_seconds N
`);
  });

  it('writes it also when it fails, in place of what the last run has written', async () => {
    await run(['batch-job'], undefined, { TEXTFILE });
    const ended = await run(['batch-job'], undefined, { TEXTFILE, FAIL_AT: '5' });

    expect(ended).toEqual({
      code: 1,
      out: `What it has left: cat ${TEXTFILE}\n`,
      error: "The job has failed: Row 5 can't be read.\n",
    });
    expect(written()).toContain('\nbatch_job_rows 5\n');
    expect(written()).toContain('\nbatch_job_succeeded 0\n');
    expect(readdirSync(folder)).toEqual(['job.prom']);
  });
});

describe('The example prometheus.yml', () => {
  it('scrapes the ports that the examples have by themselves', () => {
    const folder = join(__dirname, '..');
    const codes = SERVERS.map((name) => {
      const file = readdirSync(folder).find((each) => each.replace(/\.\w+$/, '') === name) as string;
      return readFileSync(join(folder, file), 'utf8');
    });
    const ports = new Set(codes.flatMap((code) => Array.from(code.matchAll(/PORT \?\? (\d+)/g), ([, port]) => port)));
    const configuration = readFileSync(join(folder, 'prometheus.yml'), 'utf8');
    const scraped = Array.from(configuration.matchAll(/'localhost:(\d+)'/g), ([, port]) => port);

    expect(scraped.toSorted()).toEqual([...ports].toSorted());
  });
});

describe('npm start', () => {
  it('hands its signals to the example, which takes the place of the shell', () => {
    const { scripts } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8'));

    expect(scripts.start).toMatch(/ && exec node examples\/start\.js$/);
  });

  it.each(SERVERS)('runs %s until a signal ends it', async (name) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) expect(await (await start(name)).stop(signal)).toBe(signal);
  });

  it.each(['abc', '70000', '', '-1', '1.5'])('says what a port is when PORT is %p', async (port) => {
    expect(await run(['express'], port)).toEqual({
      code: 1,
      out: '',
      error: `PORT=${port} is no port. Choose one from 0 to 65535: PORT=3001 npm start -- express\n`,
    });
  });

  it('names a port that there is when the last one is in use', async () => {
    const other = createServer().listen(65_535, '127.0.0.1');
    // Somebody else may have it: then it is in use all the same.
    await new Promise((resolve) => other.once('listening', resolve).once('error', resolve));
    const { error } = await run(['express'], 65_535);
    other.close();

    expect(error).toBe('Port 65535 is in use. Choose another one: PORT=65534 npm start -- express\n');
  });

  it('runs the Fastify example unless told otherwise', async () => {
    const example = await start();
    await example.stop();

    expect(example.said[0]).toMatch(/^A Fastify app runs/);
  });

  it.each(SERVERS)('says what to do when the port of %s is in use', async (name) => {
    const other = createServer().listen(0, EXPORTERS.includes(name) ? undefined : '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const ended = await run([name], port);
    other.close();

    expect(ended).toEqual({
      code: 1,
      out: '',
      error: `Port ${port} is in use. Choose another one: PORT=${port + 1} npm start -- ${name}\n`,
    });
  });

  it('names the examples there are when it is asked for another one', async () => {
    expect(await run(['nothing'])).toEqual({
      code: 1,
      out: '',
      error:
        'There is no example "nothing". There are: batch-job, disk-usage, exporter, express, express-labels, fastify, fastify-labels, four-kinds, own-port, plain-server, route-counter.\n',
    });
  });
});

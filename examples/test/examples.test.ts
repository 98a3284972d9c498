import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { ask, until } from '../../packages/http/test/client.ts';
import { run, start, type Running } from './start.ts';

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

describe('npm start', () => {
  it('hands its signals to the example, which takes the place of the shell', () => {
    const { scripts } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8'));

    expect(scripts.start).toMatch(/ && exec node examples\/start\.js$/);
  });

  it.each(['fastify', 'express', 'exporter', 'plain-server', 'route-counter'])(
    'runs %s until a signal ends it',
    async (name) => {
      for (const signal of ['SIGTERM', 'SIGINT'] as const) expect(await (await start(name)).stop(signal)).toBe(signal);
    },
  );

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

  it.each(['fastify', 'express', 'exporter', 'plain-server', 'route-counter'])(
    'says what to do when the port of %s is in use',
    async (name) => {
      const other = createServer().listen(0, name === 'exporter' ? undefined : '127.0.0.1');
      await once(other, 'listening');
      const { port } = other.address() as AddressInfo;
      const ended = await run([name], port);
      other.close();

      expect(ended).toEqual({
        code: 1,
        out: '',
        error: `Port ${port} is in use. Choose another one: PORT=${port + 1} npm start -- ${name}\n`,
      });
    },
  );

  it('names the examples there are when it is asked for another one', async () => {
    expect(await run(['nothing'])).toEqual({
      code: 1,
      out: '',
      error:
        'There is no example "nothing". There are: exporter, express, fastify, four-kinds, plain-server, route-counter.\n',
    });
  });
});

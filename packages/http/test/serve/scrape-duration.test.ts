import { Registry } from '@prometer/core';
import { metricsHandler } from '../../src/index.ts';
import { ask, leave, until } from '../client.ts';
import { registryOf, serving } from '../servers.ts';

const NAME = 'prometer_scrape_duration_seconds';

describe('prometer_scrape_duration_seconds', () => {
  it('is there from the first scrape on, with few buckets', async () => {
    const registry = new Registry();
    const bodies = await serving(metricsHandler({ registry }), async (port) => {
      const first = await ask(port, '/');
      await until(() => registry.get(NAME) !== undefined);
      return [first.body, (await ask(port, '/')).body];
    });

    expect(bodies[0]).toBe('');
    expect(bodies[1]?.replace(/(_sum|_bucket\{le="0\.01"\}) .+/g, '$1 x')).toBe(
      `# HELP ${NAME} Time from the arrival of a scrape to the end of its answer.
# TYPE ${NAME} histogram
${NAME}_bucket{le="0.01"} x
${NAME}_bucket{le="0.1"} 1
${NAME}_bucket{le="1.0"} 1
${NAME}_bucket{le="10.0"} 1
${NAME}_bucket{le="+Inf"} 1
${NAME}_sum x
${NAME}_count 1
`,
    );
  });

  it('goes from the arrival, before authorization, to the end of the answer', async () => {
    const registry = new Registry();
    const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
    registry.gauge({ name: 'g', help: '', collect: () => wait(60) });
    const authorize = () => wait(60).then(() => true);
    await serving(metricsHandler({ registry, authorize }), (port) => ask(port, '/'));

    expect(sumOf(registry)).toBeGreaterThan(0.11);
    expect(sumOf(registry)).toBeLessThan(2);
  });

  it.each(['GET', 'HEAD'])('counts %s', async (method) => {
    const registry = registryOf(10_000);
    await serving(metricsHandler({ registry }), (port) => ask(port, '/', method));

    expect(countOf(registry)).toBe(1);
  });

  it('counts a scrape whose client has left before it was answered', async () => {
    const registry = new Registry();
    let isAsked = false;
    registry.gauge({ name: 'g', help: '', collect: () => new Promise<void>(() => (isAsked = true)) });
    await serving(metricsHandler({ registry, timeoutSeconds: 0.5 }), async (port) => {
      await leave(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', () => until(() => isAsked));
      await until(() => countOf(registry) === 1);
    });

    expect(sumOf(registry)).toBeLessThan(0.4);
  });

  it.each([
    ['POST', '/', {}],
    ['GET', `/?${'&'.repeat(1024)}`, {}],
    ['GET', '/', { 'x-key': 'wrong' }],
  ])('does not count what is refused: %s %p', async (method, path, headers: Record<string, string>) => {
    const registry = new Registry();
    const handler = metricsHandler({ registry, authorize: ({ headers }) => headers['x-key'] !== 'wrong' });
    await serving(handler, (port) => ask(port, path, method, headers));

    expect(registry.get(NAME)).toBeUndefined();
  });

  it('does not count what somebody else has answered while collectors ran', async () => {
    const registry = new Registry();
    let goOn = (): void => {};
    registry.gauge({ name: 'g', help: '', collect: () => new Promise<void>((resolve) => (goOn = resolve)) });
    const handler = metricsHandler({ registry });
    const late: typeof handler = (request, response) => {
      handler(request, response);
      setImmediate(() => response.writeHead(503).end());
    };
    const { status } = await serving(late, (port) => ask(port, '/'));
    goOn();

    expect(status).toBe(503);
    expect(registry.get(NAME)).toBeUndefined();
  });

  it('does not count what can not be shown', async () => {
    const registry = Object.assign(new Registry(), {
      stream: () => ({ next: () => Promise.reject(new Error('No way')) }),
    });
    await serving(metricsHandler({ registry: registry as unknown as Registry }), (port) => ask(port, '/'));

    expect(registry.get(NAME)).toBeUndefined();
  });

  it('is there again after the registry has been cleared', async () => {
    const registry = new Registry();
    await serving(metricsHandler({ registry }), async (port) => {
      await ask(port, '/');
      await until(() => countOf(registry) === 1);
      registry.clear();
      await ask(port, '/');
      await until(() => countOf(registry) === 1);
    });

    expect(countOf(registry)).toBe(1);
  });

  it('is not there where the program has another metric of that name', async () => {
    const registry = new Registry();
    registry.counter({ name: NAME, help: 'Own' });
    const bodies = await serving(metricsHandler({ registry }), async (port) => [
      (await ask(port, '/')).body,
      (await ask(port, '/')).body,
    ]);

    expect(bodies[1]).toBe(`# HELP ${NAME}_total Own\n# TYPE ${NAME}_total counter\n${NAME}_total 0\n`);
    expect(bodies[1]).toBe(bodies[0]);
  });
});

function countOf(registry: Registry): number | undefined {
  return registry.getSampleValue(`${NAME}_count`);
}

function sumOf(registry: Registry): number | undefined {
  return registry.getSampleValue(`${NAME}_sum`);
}

import { Counter, Gauge, Registry } from '../src/index.ts';

describe('expose', () => {
  it('gives the content type of the text format and the bytes of the text', async () => {
    const registry = new Registry();
    new Gauge({ name: 'gg', help: 'Größe', registry });
    const { contentType, body } = await registry.expose();

    expect(contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(Buffer.from(body).toString()).toBe('# HELP gg Größe\n# TYPE gg gauge\ngg 0\n');
  });

  it('is empty where there is nothing to expose', async () => {
    expect((await new Registry().expose()).body).toEqual(new Uint8Array(0));
  });

  it('puts many pieces together', async () => {
    const registry = new Registry();
    const gauge = new Gauge({ name: 'gg', help: 'A gauge', labelNames: ['a'], registry });
    let expected = '# HELP gg A gauge\n# TYPE gg gauge\n';
    for (let i = 0; i < 10_000; i++) {
      gauge.set({ a: `välue ${i}` }, i);
      expected += `gg{a="välue ${i}"} ${i}\n`;
    }
    expect(await registry.metrics()).toBe(expected);
  });

  it('gives bytes that a later scrape leaves alone', async () => {
    const registry = new Registry();
    const gauge = new Gauge({ name: 'gg', help: '', registry });
    const { body } = await registry.expose();
    gauge.set(9);
    await registry.expose();
    expect(Buffer.from(body).toString()).toBe('# HELP gg \n# TYPE gg gauge\ngg 0\n');
  });

  it('has times of creation when they are asked for', async () => {
    jest.spyOn(Date, 'now').mockReturnValue(1500);
    const registry = new Registry();
    new Counter({ name: 'c', help: '', registry });
    jest.restoreAllMocks();
    const text = '# HELP c_total \n# TYPE c_total counter\nc_total 0\n';
    const created = '# HELP c_created \n# TYPE c_created gauge\nc_created 1.5\n';
    expect(Buffer.from((await registry.expose()).body).toString()).toBe(text);
    expect(Buffer.from((await registry.expose({ created: true })).body).toString()).toBe(text + created);
    expect(await registry.metrics({ created: true })).toBe(text + created);
    expect(await registry.metrics({ created: false })).toBe(text);
  });
});

describe('metrics', () => {
  it('gives text when it is asked for text', async () => {
    expect(await new Registry().metrics({ format: 'text' })).toBe('');
  });

  it.each(['openmetrics', 'protobuf', 'x', '', null, 5])(
    'refuses the format %j before anything is collected',
    async (format) => {
      const registry = new Registry();
      const collect = jest.fn();
      new Gauge({ name: 'g', help: '', registry, collect });
      await expect(registry.metrics({ format: format as never })).rejects.toMatchObject({
        name: 'MetricError',
        code: 'INVALID_OPTION',
        message: `There is no format ${JSON.stringify(format)} as text: give 'text', or leave it out.`,
      });
      expect(collect).not.toHaveBeenCalled();
    },
  );
});

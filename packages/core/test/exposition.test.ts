import { Gauge, Registry } from '../src/index.ts';

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
});

import { Registry } from '@prometer/core';
import * as fc from 'fast-check';
import { readVectors, withVectors } from '../../../core/test/vectors-folder.ts';
import { metricsHandler } from '../../src/index.ts';
import { metricsQuery } from '../../src/serve/metrics-query.ts';
import { ask } from '../client.ts';
import { serving } from '../servers.ts';

describe('metricsQuery', () => {
  it.each([
    ['/metrics', undefined],
    ['/metrics?', undefined],
    ['/metrics?name=a&names[]=b&x', undefined],
    ['/metrics?name[]=a', ['a']],
    ['/metrics?name%5B%5D=a&name[%5d=b', ['a', 'b']],
    ['/metrics?x=1&name[]=a&y=2&name[]=b', ['a', 'b']],
    ['/metrics?name[]=', ['']],
    ['/metrics?name[]', ['']],
    ['/metrics?name[]=a%2Eb%20c', ['a.b c']],
    ['/metrics?name[]=a?b', ['a?b']],
    ['/metrics?name[]=%ZZ', ['%ZZ']],
    ['/metrics?name[]=%E0%A4%A', ['\uFFFD%A']],
    ['http://[?name[]=a', ['a']],
    ['*', undefined],
    ['', undefined],
  ])('reads of %p the names %p', (target, names) => {
    expect(metricsQuery(target)).toEqual({ names });
  });

  it('takes as many characters and parameters as Java does', () => {
    expect(metricsQuery(`/?name[]=${'a'.repeat(65_536 - 7)}`)).toEqual({ names: ['a'.repeat(65_536 - 7)] });
    expect(metricsQuery(`/?${'name[]=a&'.repeat(1023)}name[]=b`)).toMatchObject({ names: { length: 1024 } });
  });

  it('refuses one character or one parameter more', () => {
    expect(metricsQuery(`/?name[]=${'a'.repeat(65_536 - 6)}`)).toEqual({
      refusal: 'The query has more than 65536 characters: ask for fewer metrics by name[], or for all.\n',
    });
    expect(metricsQuery(`/?${'&'.repeat(1024)}`)).toEqual({
      refusal: 'The query has more than 1024 parameters: ask for fewer metrics by name[], or for all.\n',
    });
  });

  it('reads each list of names as it was meant, however it is written', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1 }), fc.boolean(), (names, isEncoded) => {
        const key = isEncoded ? 'name%5B%5D' : 'name[]';
        const query = names.map((name) => `${key}=${encodeURIComponent(name)}`).join('&');

        expect(metricsQuery(`/metrics?${query}`)).toEqual({ names });
      }),
    );
  });
});

describe('name[]', () => {
  const registry = new Registry();
  registry.counter({ name: 'test_counter', help: '' });
  registry.gauge({ name: 'test_gauge', help: '' });
  registry.histogram({ name: 'test_histogram', help: '' });

  function ofServer(target: string) {
    return serving(metricsHandler({ registry }), (port) => ask(port, target));
  }

  it('shows the families of these names, and those with samples of these names', async () => {
    const { body } = await ofServer('/metrics?name[]=test_gauge&name%5B%5D=test_counter_total');

    expect(body).toBe(
      '# HELP test_counter_total \n# TYPE test_counter_total counter\ntest_counter_total 0\n' +
        '# HELP test_gauge \n# TYPE test_gauge gauge\ntest_gauge 0\n',
    );
  });

  it('shows nothing for no name', async () => {
    expect(await ofServer('/metrics?name[]=')).toMatchObject({ status: 200, body: '' });
  });

  it('answers 400 when there are too many', async () => {
    const { status, headers, body } = await ofServer(`/metrics?${'a&'.repeat(1024)}`);

    expect([status, headers['content-type']]).toEqual([400, 'text/plain; charset=utf-8']);
    expect(body).toMatch(/^The query has more than 1024 parameters/);
  });

  withVectors(() => {
    const { nameFilter } = readVectors('http_handler.json') as {
      nameFilter: { cases: { name: string; url: string; shouldContain: string[]; shouldNotContain: string[] }[] };
    };

    it.each(nameFilter.cases)('agrees with Go: $name', async ({ url, shouldContain, shouldNotContain }) => {
      const { status, body } = await ofServer(url);

      expect(status).toBe(200);
      expect(shouldContain.filter((name) => !body.includes(name))).toEqual([]);
      expect(shouldNotContain.filter((name) => body.includes(name))).toEqual([]);
    });
  });
});

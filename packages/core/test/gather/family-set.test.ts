import { Gauge, Registry } from '../../src/index.ts';

describe('Families of one name that are put together', () => {
  afterEach(() => jest.restoreAllMocks());

  it.each<[string, readonly string[]]>([
    ['have more labels', ['a.b', 'U__a_2e_b']],
    ['have other labels', ['U__a_2e_b', 'a.b', 'c']],
  ])(
    'are left out of OpenMetrics for labels that escaping makes one, though only the later ones %s',
    async (_, names) => {
      jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
      const [a, b] = [new Registry(), new Registry()];
      new Gauge({ name: 'g', help: '', labelNames: ['a.b'], registry: a }).labels('x').set(1);
      const later = new Gauge({ name: 'g', help: '', labelNames: names, registry: b });
      later.labels(...names.map((__, i) => `${i}`)).set(2);
      new Gauge({ name: 'ok', help: '', registry: b });
      const { body } = await Registry.merge([a, b]).expose(
        'application/openmetrics-text;version=1.0.0;escaping=values',
      );

      expect(Buffer.from(body).toString()).toBe('# HELP ok \n# TYPE ok gauge\nok 0\n# EOF\n');
    },
  );

  it('have the labels that both have in their order', async () => {
    const [a, b] = [new Registry(), new Registry()];
    new Gauge({ name: 'g', help: '', labelNames: ['x', 'y'], registry: a }).labels('1', '2').set(1);
    new Gauge({ name: 'g', help: '', labelNames: ['y', 'x'], registry: b }).labels('3', '4').set(2);

    expect(await Registry.merge([a, b]).metrics({ format: 'openmetrics' })).toBe(
      '# HELP g \n# TYPE g gauge\ng{x="1",y="2"} 1\ng{y="3",x="4"} 2\n# EOF\n',
    );
  });
});

import { Info, Registry, type InfoLabels } from '../src/index.ts';
import { refusal } from './refusal.ts';

const HEAD = '# HELP build_info Build\n# TYPE build_info gauge\n';

describe('Info', () => {
  it('shows nothing before it is set', async () => {
    const registry = new Registry();
    new Info({ name: 'build', help: 'Build', registry });
    expect(await registry.metrics()).toBe(HEAD);
    expect(await registry.gather()).toEqual([{ name: 'build', help: 'Build', type: 'info', series: [] }]);
  });

  it('says what it was set to in labels, with the value 1', async () => {
    const registry = new Registry();
    new Info({ name: 'build', help: 'Build', registry }).set({ version: '1.2.3', major: 1, dirty: false, tag: null });
    expect(await registry.metrics()).toBe(`${HEAD}build_info{version="1.2.3",major="1",dirty="false",tag=""} 1\n`);
  });

  it('has the name that it is given with and without the suffix _info', async () => {
    const registry = new Registry();
    new Info({ name: 'build_info', help: 'Build', registry }).set({ version: '1' });
    expect(registry.get('build')).toBe(registry.get('build_info'));
    expect(await registry.metrics()).toBe(`${HEAD}build_info{version="1"} 1\n`);
  });

  it('says only what it was set to last', async () => {
    const registry = new Registry();
    const info = new Info({ name: 'build', help: 'Build', registry });
    info.set({ version: '1', old: 'x' });
    info.set({ version: '2' });
    expect(await registry.metrics()).toBe(`${HEAD}build_info{version="2"} 1\n`);
  });

  it('may say nothing but that it is there', async () => {
    const registry = new Registry();
    new Info({ name: 'build', help: 'Build', registry }).set({});
    expect(await registry.metrics()).toBe(`${HEAD}build_info 1\n`);
  });

  it('is set through labels() where it has some, whose own labels come first', async () => {
    const registry = new Registry();
    const info = new Info({ name: 'build', help: 'Build', labelNames: ['part'], registry });
    info.labels('unset');
    info.labels('b').set({ version: '2' });
    info.labels({ part: 'a' }).set({ date: 'today' });
    expect(await registry.metrics()).toBe(
      `${HEAD}build_info{part="b",version="2"} 1\nbuild_info{part="a",date="today"} 1\n`,
    );
  });

  it('has as series the labels of its own before it is set, and those that it says after them then', () => {
    const info = new Info({ name: 'build', help: 'Build', labelNames: ['part'], registry: null });
    const series = info.labels('a');
    expect([series.isSet, series.labelNames, series.labelValues]).toEqual([false, ['part'], ['a']]);
    series.set({ version: '1' });
    expect([series.isSet, series.labelNames, series.labelValues]).toEqual([true, ['part', 'version'], ['a', '1']]);
  });

  it('shows nothing again once it is cleared', async () => {
    const registry = new Registry();
    const info = new Info({ name: 'build', help: 'Build', registry });
    info.set({ version: '1' });
    info.clear();
    expect(await registry.metrics()).toBe(HEAD);
  });

  it('keeps what it says whatever the caller does to the object, which is neither changed nor frozen', async () => {
    const registry = new Registry();
    const info = new Info({ name: 'build', help: 'Build', registry });
    const said: Record<string, string> = { version: '1' };
    info.set(said);
    said['version'] = '2';
    said['more'] = 'x';
    expect(await registry.metrics()).toBe(`${HEAD}build_info{version="1"} 1\n`);
    expect(said).toEqual({ version: '2', more: 'x' });
  });

  it('says what has the names and values that objects have as properties', async () => {
    const registry = new Registry();
    const info = new Info({ name: 'build', help: 'Build', registry });
    info.set({ constructor: '__proto__', toString: 'x"\\\n' } as unknown as InfoLabels);
    expect(await registry.metrics()).toBe(`${HEAD}build_info{constructor="__proto__",toString="x\\"\\\\\\n"} 1\n`);
  });

  it.each<[string, unknown, string, string]>([
    ['a text', 'x', 'INVALID_LABELS', `Info "build" can't say "x": give an object such as { version: '1.2.3' }.`],
    ['null', null, 'INVALID_LABELS', `Info "build" can't say null: give an object such as { version: '1.2.3' }.`],
    [
      'nothing',
      undefined,
      'INVALID_LABELS',
      `Info "build" can't say undefined: give an object such as { version: '1.2.3' }.`,
    ],
    ['an array', ['x'], 'INVALID_LABELS', `Info "build" can't say ["x"]: give an object such as { version: '1.2.3' }.`],
    [
      'one of its own labels',
      { part: 'x' },
      'INVALID_LABELS',
      `Info "build" can't say "part": it is one of its labels already. Choose another name.`,
    ],
    [
      'what is exposed as one of its own labels',
      { 'pa.rt': 'x', pa_rt: 'y' },
      'INVALID_LABEL_NAME',
      `The label name "pa_rt" of metric "build" is exposed as "pa_rt", as another one is: choose another name.`,
    ],
    [
      'a reserved name',
      JSON.parse('{"__proto__":"x"}'),
      'INVALID_LABEL_NAME',
      `The label name "__proto__" of metric "build" begins with "__", which Prometheus keeps for itself: choose another name.`,
    ],
    [
      'an empty name',
      { '': 'x' },
      'INVALID_LABEL_NAME',
      `The label name "" of metric "build" is not a non-empty, well-formed string: choose another name.`,
    ],
    [
      'a value without a text',
      { version: {} },
      'INVALID_LABEL_VALUE',
      `The value of label "version" is {}, an object: give a string, number, boolean or bigint.`,
    ],
  ])('refuses %s and goes on saying what it said', (_, given, code, message) => {
    const registry = new Registry();
    const info = new Info({ name: 'build', help: 'Build', labelNames: ['part'], registry });
    info.labels('a').set({ version: '1' });
    expect(refusal(() => info.labels('a').set(given as InfoLabels))).toEqual({ code, message });
    expect(registry.getSampleValue('build_info', { part: 'a', version: '1' })).toBe(1);
  });

  it('refuses to be set without its labels', () => {
    const info = new Info({ name: 'build', help: 'Build', labelNames: ['part'], registry: null });
    expect(refusal(() => (info as unknown as InfoSetter).set({ version: '1' }))).toEqual({
      code: 'INVALID_LABELS',
      message: `Metric "build" can't take the labels undefined: "part" is missing. Give each label a value, as in labels(part) or labels({ part }).`,
    });
  });

  it('refuses a unit', () => {
    expect(refusal(() => new Info({ name: 'build', help: '', unit: 'seconds', registry: null } as never))).toEqual({
      code: 'INVALID_UNIT',
      message: `The info "build" can't have a unit, "seconds": leave it out.`,
    });
  });
});

interface InfoSetter {
  set(labels: InfoLabels): void;
}

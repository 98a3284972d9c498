import { Registry, StateSet } from '../src/index.ts';
import { refusal } from './refusal.ts';

const HEAD = '# HELP job The job\n# TYPE job gauge\n';

describe('StateSet', () => {
  it('is in no state at first, all of which are exposed as 0', async () => {
    const registry = new Registry();
    const job = new StateSet({ name: 'job', help: 'The job', states: ['starting', 'running'], registry });
    expect(job.get()).toBe(undefined);
    expect(await registry.metrics()).toBe(`${HEAD}job{job="starting"} 0\njob{job="running"} 0\n`);
  });

  it('is in the state that it was set to last, and in no other', async () => {
    const registry = new Registry();
    const job = new StateSet({ name: 'job', help: 'The job', states: ['starting', 'running'], registry });
    job.set('starting');
    job.set('running');
    expect(job.get()).toBe('running');
    expect(await registry.metrics()).toBe(`${HEAD}job{job="starting"} 0\njob{job="running"} 1\n`);
  });

  it('is set through labels() where it has some, apart for each', async () => {
    const registry = new Registry();
    const job = new StateSet({ name: 'job', help: 'The job', labelNames: ['id'], states: ['on', 'off'], registry });
    job.labels('1').set('on');
    job.labels({ id: '2' }).set('off');
    expect(job.labels('1').get()).toBe('on');
    expect(await registry.metrics()).toBe(
      `${HEAD}job{id="1",job="on"} 1\njob{id="1",job="off"} 0\njob{id="2",job="on"} 0\njob{id="2",job="off"} 1\n`,
    );
  });

  it('is gathered as the states that there are', async () => {
    const registry = new Registry();
    new StateSet({ name: 'job', help: 'The job', states: ['on', 'off'], registry }).set('off');
    expect(await registry.gather()).toEqual([
      { name: 'job', help: 'The job', type: 'stateset', series: [{ labels: {}, states: { on: false, off: true } }] },
    ]);
  });

  it('is in no state again once it is cleared', () => {
    const job = new StateSet({ name: 'job', help: 'The job', states: ['on'], registry: null });
    job.set('on');
    job.clear();
    expect(job.get()).toBe(undefined);
  });

  it('has states by names that objects have as properties', async () => {
    const registry = new Registry();
    const job = new StateSet({
      name: 'job',
      help: 'The job',
      states: ['__proto__', 'constructor', 'a"b\n'],
      registry,
    });
    job.set('__proto__');
    expect(await registry.metrics()).toBe(
      `${HEAD}job{job="__proto__"} 1\njob{job="constructor"} 0\njob{job="a\\"b\\n"} 0\n`,
    );
    const [family] = await registry.gather();
    expect(family?.series.map((series) => Object.entries((series as { states: object }).states))).toEqual([
      [
        ['__proto__', true],
        ['constructor', false],
        ['a"b\n', false],
      ],
    ]);
  });

  it('keeps its states when the array that they came from changes', async () => {
    const registry = new Registry();
    const states = ['on', 'off'];
    const job = new StateSet({ name: 'job', help: 'The job', states, registry });
    states[0] = 'changed';
    states.push('more');
    job.set('on');
    expect(await registry.metrics()).toBe(`${HEAD}job{job="on"} 1\njob{job="off"} 0\n`);
    expect(states).toEqual(['changed', 'off', 'more']);
  });

  it.each<[unknown, string]>([
    ['of', '"of"'],
    ['', '""'],
    ['constructor', '"constructor"'],
    [undefined, 'undefined'],
    [0, '0'],
    [{ on: true }, '{"on":true}'],
  ])('refuses the state %p and stays in the one that it is in', (state, shown) => {
    const job = new StateSet({ name: 'job', help: 'The job', states: ['on', 'off'], registry: null });
    job.set('on');
    expect(refusal(() => job.set(state as 'on'))).toEqual({
      code: 'INVALID_VALUE',
      message: `State set "job" can't be in the state ${shown}: give one of "on", "off".`,
    });
    expect(job.get()).toBe('on');
  });

  it.each<[unknown, string]>([
    [undefined, 'undefined'],
    [[], '[]'],
    ['on', '"on"'],
    [['on', 'on'], '["on","on"]'],
    [['on', ''], '["on",""]'],
    [['on', 1], '["on",1]'],
    [['\ud800'], '["\\ud800"]'],
    [{ on: true }, '{"on":true}'],
  ])('refuses the states %p', (states, shown) => {
    expect(refusal(() => new StateSet({ name: 'job', help: '', states: states as string[], registry: null }))).toEqual({
      code: 'INVALID_OPTION',
      message: `The option "states" of state set "job" is ${shown}: give an array of different texts, such as ['starting', 'running'].`,
    });
  });

  it.each([
    ['job', 'job'],
    ['job.state', 'job_state'],
    ['job_state', 'job.state'],
    ['job:state', 'job_state'],
  ])('of the name %p refuses the label %p, under which it writes the state itself', (name, label) => {
    expect(
      refusal(() => new StateSet({ name, help: '', labelNames: [label], states: ['on'], registry: null })),
    ).toEqual({
      code: 'INVALID_LABEL_NAME',
      message: `The label name "${label}" of metric "${name}" is one that this type of metric writes itself: choose another name.`,
    });
  });

  it('refuses to be set or read without its labels', () => {
    const job = new StateSet({ name: 'job', help: '', labelNames: ['id'], states: ['on'], registry: null });
    const untyped = job as unknown as { set(state: string): void; get(): string };
    const expected = {
      code: 'INVALID_LABELS',
      message: `Metric "job" can't take the labels undefined: "id" is missing. Give each label a value, as in labels(id) or labels({ id }).`,
    };
    expect(refusal(() => untyped.set('on'))).toEqual(expected);
    expect(refusal(() => untyped.get())).toEqual(expected);
    expect([...job.series]).toEqual([]);
  });

  it('refuses a unit', () => {
    expect(
      refusal(() => new StateSet({ name: 'job', help: '', states: ['on'], unit: 'seconds', registry: null } as never)),
    ).toEqual({ code: 'INVALID_UNIT', message: `The stateset "job" can't have a unit, "seconds": leave it out.` });
  });
});

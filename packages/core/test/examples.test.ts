import { resolve } from 'node:path';
import { formatBound, formatNumber } from '../src/encode/numbers.ts';
import * as core from '../src/index.ts';
import { examplesIn, examplesOf, runExample } from './examples.ts';

describe('The example in', () => {
  beforeEach(() => core.defaultRegistry.clear());

  it.each(examplesIn(resolve(__dirname, '../src')))('$at is true', async (example) => {
    const registry = new core.Registry();
    const duration = new core.Histogram({
      name: 'duration',
      help: '',
      labelNames: ['method', 'status'],
      registry: null,
    });
    const asserted = runExample(example, { ...core, formatNumber, formatBound, registry, duration });
    await expect(asserted).resolves.toEqual(expect.any(Number));
  });
});

describe('An example', () => {
  const source = [
    '/**',
    ' * ```ts',
    ' * const a: number = 1 + 1; // 3 is not asserted of a declaration',
    ' * a; // 2',
    ' * try {',
    " *   await Promise.reject({ code: 'X' });",
    ' * } catch (error) {',
    " *   (error as { code: string }).code; // 'X'",
    ' * }',
    ' * a.toFixed(); // words are not asserted',
    ' * [a]; // [2]',
    ' * ```',
    ' */',
    'const code = 1;',
    '/**',
    '   * ```ts',
    '   * given; // { a: NaN }',
    '   * ```',
    '   */',
  ].join('\n');
  const [first, second] = examplesOf('file.ts', source);

  it('is found with its place', () => {
    expect(examplesOf('file.ts', source).map(({ at }) => at)).toEqual(['file.ts:3', 'file.ts:17']);
  });

  it('is run, and the values in its comments are compared', async () => {
    expect(await runExample(first!, {})).toBe(3);
    expect(await runExample(second!, { given: { a: NaN } })).toBe(1);
  });

  it('fails where a value differs, and says where', async () => {
    await expect(runExample(second!, { given: { a: 1 } })).rejects.toThrow('file.ts:17');
  });

  it('fails where it throws', async () => {
    await expect(runExample(second!, {})).rejects.toThrow('given is not defined');
  });
});

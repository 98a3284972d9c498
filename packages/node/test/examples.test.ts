import { resolve } from 'node:path';
import * as core from '@prometer/core';
import { examplesIn, runExample } from '../../core/test/examples.ts';
import * as exported from '../src/index.ts';

describe('The example in', () => {
  it.each(examplesIn(resolve(__dirname, '../src')))('$at works', async (example) => {
    await expect(runExample(example, { ...core, ...exported })).resolves.toEqual(expect.any(Number));
  });
});

import { resolve } from 'node:path';
import http from 'node:http';
import { examplesIn, runExample } from '../../core/test/examples.ts';
import * as exported from '../src/index.ts';

describe('The example in', () => {
  it.each(examplesIn(resolve(__dirname, '../src')))('$at works', async (example) => {
    await expect(runExample(example, { ...exported, http })).resolves.toEqual(expect.any(Number));
  });
});

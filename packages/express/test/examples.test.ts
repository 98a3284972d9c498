import { resolve } from 'node:path';
import express from 'express';
import { examplesIn, runExample } from '../../core/test/examples.ts';
import * as exported from '../src/index.ts';

describe('The example in', () => {
  it.each(examplesIn(resolve(__dirname, '../src')))('$at works', async (example) => {
    await expect(runExample(example, { ...exported, app: express() })).resolves.toEqual(expect.any(Number));
  });
});

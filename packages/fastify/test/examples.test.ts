import { resolve } from 'node:path';
import fastify from 'fastify';
import { examplesIn, runExample } from '../../core/test/examples.ts';
import { metricsPlugin } from '../src/index.ts';

describe('The example in', () => {
  it.each(examplesIn(resolve(__dirname, '../src')))('$at works', async (example) => {
    const app = fastify();
    await expect(runExample(example, { metricsPlugin, app })).resolves.toEqual(expect.any(Number));
    await app.ready();
    await app.close();
  });
});

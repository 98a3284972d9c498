import { defaultRegistry } from '@prometer/core';
import { ask } from '../../http/test/client.ts';
import { metricsMiddleware } from '../src/index.ts';
import { serve } from '../../http/test/fixture-parts.ts';
import { versions } from './fixture.ts';

it.each(versions)('In $name, metricsMiddleware warns once and passes on when it can’t measure', async ({ express }) => {
  const emitWarning = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
  defaultRegistry.counter({ name: 'http_requests', help: 'Requests', labelNames: ['path'] });
  let middleware = metricsMiddleware;
  jest.isolateModules(() => ({ metricsMiddleware: middleware } = require('../src/index.ts')));
  const app = express();
  app.use(middleware);
  app.get('/', (_request, response) => void response.send('Hello'));
  const fixture = await serve(app);
  const answers = [await ask(fixture.port, '/'), await ask(fixture.port, '/')];
  await fixture.close();
  const warnings = emitWarning.mock.calls;
  emitWarning.mockRestore();

  expect(answers.map(({ status, body }) => [status, body])).toEqual([
    [200, 'Hello'],
    [200, 'Hello'],
  ]);
  expect(warnings).toEqual([
    [
      expect.stringMatching(/^Requests are not measured: The metric "http_requests(_total)?" exists already/),
      { type: 'PrometerWarning', code: 'PROMETER_NOT_MEASURED' },
    ],
  ]);
});

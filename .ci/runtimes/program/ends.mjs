// Metrics are beside what a program does: one that closes nothing ends all the same, once it has nothing else to do.
import { once } from 'node:events';
import { get } from 'node:http';
import { startHttpServer } from '@prometer/http';
import { collectDefaultMetrics } from '@prometer/node';

collectDefaultMetrics();
const { url } = await startHttpServer({ port: 0, host: '127.0.0.1' });
const [response] = await once(get(url), 'response');
response.setEncoding('utf8');
let text = '';
for await (const piece of response) text += piece;
if (!/^process_cpu_seconds_total \d/m.test(text)) throw new Error(`${response.statusCode}: ${text}`);
console.log('answered');

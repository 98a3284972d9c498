// A real Prometheus scrapes protobuf with native histograms from a program whose numbers are known, and another one
// scrapes text from the same; then their HTTP APIs are asked what they saw.
import assert from 'node:assert/strict';
import { checkFurther, checkNative } from './check-native.js';
import { checkOdd } from './check-odd.js';
import { checkClassic, checkExemplars, checkMetadata, checkNumbers } from './check-scrapes.js';
import { check, finish } from './checks.js';
import { startTarget } from './native-target.js';
import { ODD, startOddTarget } from './odd-target.js';
import { stopAll } from './processes.js';
import { startPrometheus } from './prometheus.js';
import { temporaryFolder } from './temporary-folder.js';
import { until } from './until.js';

const closing = [];
try {
  const started = await startAll();
  if (started !== undefined) await checkAll(started);
} finally {
  await stopAll();
  await Promise.all(closing.map((server) => server.close()));
}
finish();

async function startAll() {
  let started;
  await check('the targets and two Prometheus start', async () => {
    const known = await startTarget();
    closing.push(known);
    const urls = { known: known.url };
    for (const [name, odd] of Object.entries(ODD)) {
      const server = await startOddTarget(odd);
      closing.push(server);
      urls[name] = server.url;
    }
    const features = ['native-histograms', 'exemplar-storage'];
    const native = await startPrometheus(temporaryFolder('native'), urls, features);
    const text = await startPrometheus(temporaryFolder('text'), urls, features.slice(1));
    started = { known, native, text };
  });
  return started;
}

async function checkAll({ known, native, text }) {
  for (const [format, prometheus] of Object.entries({ protobuf: native, OpenMetrics: text })) {
    const up = async () => assert.equal(await prometheus.value('up{job="known"}'), 1);
    if (!(await check(`${format}: up is 1`, () => until(up)))) return;
    await checkNumbers(format, prometheus);
  }
  await check('one is answered in protobuf, the other one in OpenMetrics', async () => {
    const answers = Array.from(known.accepted, async (accept) => {
      const response = await fetch(known.url, { headers: { accept } });
      await response.arrayBuffer();
      return response.headers.get('content-type').split(';')[0];
    });
    const types = ['application/openmetrics-text', 'application/vnd.google.protobuf'];
    assert.deepEqual((await Promise.all(answers)).toSorted(), types);
  });
  await checkNative(native);
  await checkClassic(text);
  await checkExemplars(native, text);
  await checkMetadata(native, text);
  await checkFurther(known.observeRound, native);
  await checkOdd(native, text);
  for (const [format, prometheus] of Object.entries({ protobuf: native, OpenMetrics: text })) {
    await check(`${format}: Prometheus has nothing to complain of`, () => prometheus.expectNoComplaint());
  }
}

import assert from 'node:assert/strict';
import { request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { check } from '../checks.js';
import { ask } from './client.js';

const FORMATS = {
  'text/plain': /^text\/plain; version=0\.0\.4; charset=utf-8/,
  'application/openmetrics-text;version=1.0.0': /^application\/openmetrics-text; version=1\.0\.0; charset=utf-8/,
  'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited':
    /^application\/vnd\.google\.protobuf; proto=io\.prometheus\.client\.MetricFamily; encoding=delimited/,
};

/** What `startHttpServer` serves. */
export async function checkPort(name, url) {
  for (const [accept, contentType] of Object.entries(FORMATS)) {
    await check(`${name}: answers ${accept.split(';')[0]}`, async () => {
      const { status, headers, body } = await ask(`${url}/metrics`, { headers: { accept } });
      assert.equal(status, 200);
      assert.match(headers['content-type'], contentType);
      assert.ok(body.includes('http_requests'), body);
      if (accept.includes('openmetrics')) assert.ok(body.endsWith('\n# EOF\n'), body.slice(-80));
    });
  }
  await check(`${name}: packs what it sends`, async () => {
    const response = await new Promise((resolve, reject) => {
      const headers = { 'accept-encoding': 'gzip' };
      request(`${url}/metrics`, { headers, agent: false, timeout: 10_000 }, resolve).on('error', reject).end();
    });
    assert.equal(response.headers['content-encoding'], 'gzip');
    assert.match(gunzipSync(await buffer(response)).toString(), /^http_requests_total\{/m);
  });
  await check(`${name}: knows methods and paths`, async () => {
    const head = await ask(`${url}/metrics`, { method: 'HEAD' });
    assert.deepEqual([head.status, head.body], [200, '']);
    const post = await ask(`${url}/metrics`, { method: 'POST' });
    assert.deepEqual([post.status, post.headers.allow], [405, 'GET, HEAD']);
    const statuses = ['/', '/metrics?name[]=process_cpu_seconds_total', '/nothing'].map(
      async (path) => (await ask(url + path)).status,
    );
    assert.deepEqual(await Promise.all(statuses), [200, 200, 404]);
  });
}

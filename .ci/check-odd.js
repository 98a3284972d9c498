import assert from 'node:assert/strict';
import { check } from './checks.js';
import { ODD } from './odd-target.js';

export async function checkOdd(native, text) {
  for (const [name, { count, counts }] of Object.entries(ODD)) {
    const job = `{job="${name}"}`;
    for (const [format, prometheus] of Object.entries({ protobuf: native, OpenMetrics: text })) {
      await check(`${format}: ${name} costs nothing else`, async () => {
        assert.equal(await prometheus.value(`up${job}`), 1);
        assert.equal(await prometheus.value(`fine${job}`), 1);
      });
    }
    await check(`protobuf: ${name} gives no wrong native histogram`, async () => {
      const seen = (await native.query(`odd${job}`)).map(({ histogram }) => histogram);
      const expected = seen.length === 0 || counts === undefined ? [] : [[count, counts]];
      assert.deepEqual(
        seen.map((histogram) => [histogram.count, histogram.buckets.map((bucket) => bucket.count)]),
        expected,
      );
    });
  }
}

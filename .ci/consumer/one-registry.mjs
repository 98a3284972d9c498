// @prometer/core twice in one process, as ES module and as CommonJS: metrics of both are in one registry.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import * as imported from '@prometer/core';

const required = createRequire(import.meta.url)('@prometer/core');
assert.notEqual(imported.Counter, required.Counter, 'both builds are loaded');
assert.equal(imported.defaultRegistry, required.defaultRegistry);

new imported.Counter({ name: 'a', help: 'By import' }).inc();
new required.Counter({ name: 'b', help: 'By require' }).inc(2);
assert.equal(required.defaultRegistry.getSampleValue('a_total'), 1);
assert.equal(imported.defaultRegistry.getSampleValue('b_total'), 2);
const text =
  '# HELP a_total By import\n# TYPE a_total counter\na_total 1\n# HELP b_total By require\n# TYPE b_total counter\nb_total 2\n';
assert.equal(await imported.defaultRegistry.metrics(), text);
assert.equal(await required.defaultRegistry.metrics(), text);

// A name is taken whichever build took it, and either build's registry takes the other's metrics.
assert.throws(() => new required.Counter({ name: 'a', help: 'Again' }), { code: 'DUPLICATE_NAME' });
const registry = new imported.Registry();
new required.Gauge({ name: 'g', help: 'A gauge', registry }).set(1);
assert.equal(registry.getSampleValue('g'), 1);

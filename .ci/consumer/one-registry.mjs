// @prometer/core twice in one process, as when two packages depend on two versions: metrics of both are in one registry.
import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as one from '@prometer/core';

const require = createRequire(import.meta.url);
const copy = join(import.meta.dirname, 'copy');
cpSync(dirname(require.resolve('@prometer/core/package.json')), copy, { recursive: true });
const other = require(copy);
assert.notEqual(one.Counter, other.Counter, 'both copies are loaded');
assert.equal(one.defaultRegistry, other.defaultRegistry);

new one.Counter({ name: 'a', help: 'By one' }).inc();
new other.Counter({ name: 'b', help: 'By the other' }).inc(2);
assert.equal(other.defaultRegistry.getSampleValue('a_total'), 1);
assert.equal(one.defaultRegistry.getSampleValue('b_total'), 2);
const text =
  '# HELP a_total By one\n# TYPE a_total counter\na_total 1\n# HELP b_total By the other\n# TYPE b_total counter\nb_total 2\n';
assert.equal(await one.defaultRegistry.metrics(), text);
assert.equal(await other.defaultRegistry.metrics(), text);

// A name is taken whichever copy took it, and either copy's registry takes the other's metrics.
assert.throws(() => new other.Counter({ name: 'a', help: 'Again' }), { code: 'DUPLICATE_NAME' });
const registry = new one.Registry();
new other.Gauge({ name: 'g', help: 'A gauge', registry }).set(1);
assert.equal(registry.getSampleValue('g'), 1);

// @prometer/core by import and by require: the same names, the same things, in the process once.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import * as imported from '@prometer/core';

const required = createRequire(import.meta.url)('@prometer/core');
assert.deepEqual(Object.keys(imported).toSorted(), Object.keys(required).toSorted());
for (const [name, value] of Object.entries(imported)) {
  assert.equal(value, required[name], name);
  // As stack traces and the console show it.
  if (typeof value === 'function') assert.equal(value.name, name);
}

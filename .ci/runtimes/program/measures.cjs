// What of the packages needs no network, by require.
const core = require('@prometer/core');
const node = require('@prometer/node');
const { checkDefaultMetrics } = require('./default-metrics.cjs');
const { checkMetrics } = require('./metrics.cjs');
const { check, end } = require('./report.cjs');

void checkMetrics(core, check)
  .then(() => checkDefaultMetrics(core, node, check))
  .then(end);

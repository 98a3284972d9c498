// What of the packages needs no network, by import.
import * as core from '@prometer/core';
import * as node from '@prometer/node';
import { checkDefaultMetrics } from './default-metrics.cjs';
import { checkMetrics } from './metrics.cjs';
import { check, end } from './report.cjs';

await checkMetrics(core, check);
await checkDefaultMetrics(core, node, check);
end();

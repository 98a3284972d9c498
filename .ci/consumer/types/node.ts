import { Registry } from '@prometer/core';
import { collectDefaultMetrics } from '@prometer/node';

collectDefaultMetrics();
const runtime = collectDefaultMetrics({ registry: new Registry(), only: ['process', 'version'] });
runtime.stop();

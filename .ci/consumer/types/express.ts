import { Registry } from '@prometer/core';
import { createMetricsMiddleware, metricsMiddleware } from '@prometer/express';
import express from 'express';

export const app = express();
app.use(metricsMiddleware);
app.use(
  createMetricsMiddleware({
    registry: new Registry(),
    path: '/internal/metrics',
    defaultMetrics: false,
    buckets: [0.1, 1],
  }),
);
app.use('/mounted', createMetricsMiddleware({ path: false }));
const router = express.Router();
router.use(metricsMiddleware);
// @ts-expect-error: no such option
export const wrong = () => createMetricsMiddleware({ pth: '/metrics' });

// An exporter: a program whose only job is to show metrics, without a web framework.
import { Gauge } from '@prometer/core';
import { startHttpServer } from '@prometer/http';

new Gauge({ name: 'a', help: 'A gauge' }).set(345);

const g = new Gauge({ name: 'g', help: 'A gauge with a label', labelNames: ['mylabelname'] });
const ghost = g.labels('ghost');
ghost.set(Math.random());
setInterval(() => ghost.set(Math.random()), 1000);

// Serving is all that this program does: it goes on for as long as it can be scraped.
const server = await startHttpServer({ port: process.env.PORT ?? 8000, keepProcessAlive: true });
console.log(`An exporter runs:   open ${server.url}`);
console.log(`Or ask for it:      curl ${server.url}`);
console.log(`The second changes: watch -n1 'curl -s ${server.url} | grep ghost'`);

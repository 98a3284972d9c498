// The four kinds of metrics, with and without labels, in a registry of their own.
import { Counter, Gauge, Histogram, Registry, Summary } from '@prometer/core';

const registry = new Registry();

const counter = new Counter({ name: 'cc', help: 'A counter', registry });
counter.inc();
counter.inc(2.5);
try {
  counter.inc(-1);
} catch (error) {
  console.error(`${error.code}: ${error.message}`);
}

const gauge = new Gauge({ name: 'gg', help: 'A gauge', registry });
gauge.set(17);
gauge.inc();
gauge.dec(2);

const histogram = new Histogram({ name: 'hh', help: 'A histogram', buckets: [-5, 0, 5], registry });
histogram.observe(-6);
histogram.observe(3);
histogram.observe(99);

const summary = new Summary({ name: 'ss', help: 'A summary', labelNames: ['label1', 'label2'], registry });
summary.labels('value1', 'value2').observe(17);

const requests = new Counter({
  name: 'requests_total',
  help: 'Requests',
  labelNames: ['method', 'clientip'],
  registry,
});
requests.labels('get', '127.0.0.1').inc(); // by position
requests.inc({ method: 'post', clientip: '127.0.0.1' }, 3); // by name

process.stdout.write(await registry.metrics());

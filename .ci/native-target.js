// A program's metrics of all kinds, of which it is known what was observed, served at a port of their own.
import { subscribe } from 'node:diagnostics_channel';
import { core, http } from './prometer.js';

/** A label's value as nasty as Prometheus takes it. */
export const NASTY = ' a"b\\c\nd\re\0{f="g"} # EOF, 😱 é ';
export const HELP = 'Größe, "quoted", C:\\path,\nin two lines 😱';
export const COUNTED = { [NASTY]: 12_345.678_9, nobody: 2 ** 53 - 1 };
export const TEMPERATURES = { low: -273.15, tiny: 5e-324, none: NaN, lowest: -Infinity, high: 1e300 };
export const SUMMARIZED = [0.25, 0.5, 0.5, 4];
export const DURATIONS = [0.05, 0.1, 0.1, 0.5, 0.75, 2, 30];
export const BOUNDS = [0.1, 1, 10];

/** What counts as zero, what is below it, what is above it. */
export const OBSERVED = [
  0,
  0,
  0,
  1e-40,
  -1e-40,
  ...Array.from({ length: 100 }, (_, i) => -(i + 1) / 8),
  ...Array.from({ length: 1000 }, (_, i) => (i + 1) / 64),
  1e-9,
  2 ** 40,
];
/** What is observed later, a round at a time. */
export const ROUND = Array.from({ length: 200 }, (_, i) => 32 + i / 16);

/** Native buckets as a custom collector gives them. */
export const PLAIN = {
  count: 11,
  sum: 9.5,
  buckets: [],
  native: {
    schema: 2,
    zeroThreshold: 0,
    zeroCount: 2,
    positiveSpans: [
      { offset: 0, length: 2 },
      { offset: 1, length: 1 },
    ],
    positiveDeltas: [1, 3, -2],
    negativeSpans: [{ offset: -3, length: 1 }],
    negativeDeltas: [2],
    exemplars: [],
  },
};
/** The same as Prometheus shows it, with the bounds as exponents of 2 (Prometheus, "Native histograms"). */
export const PLAIN_BUCKETS = [
  { rule: 'lower', from: -0.75, to: -1, sign: -1, count: 2 },
  { rule: 'both', from: -Infinity, to: -Infinity, sign: 1, count: 2 },
  { rule: 'upper', from: -0.25, to: 0, sign: 1, count: 1 },
  { rule: 'upper', from: 0, to: 0.25, sign: 1, count: 4 },
  { rule: 'upper', from: 0.5, to: 0.75, sign: 1, count: 2 },
];

/**
 * What the exemplar of a counter says. In OpenMetrics, Prometheus 2.42 leaves the escapes of an exemplar's labels as they
 * are, so it has none; what becomes of a NUL there is tried by odd-target.js.
 */
export const traceOf = (to) => `sent to ${to.replaceAll(/[\0"\\\n]/g, '')}`;
export const NATIVE_TRACE = { trace_id: NASTY.replace('\0', ''), span_id: '😱' };

/** Starts to serve all of it. */
export async function startTarget() {
  const registry = new core.Registry({ labels: { service: NASTY } });
  const sent = registry.counter({ name: 'sent', unit: 'bytes', help: HELP, labelNames: ['to'] });
  for (const [to, bytes] of Object.entries(COUNTED)) sent.inc({ to }, bytes, { trace_id: traceOf(to) });
  const temperature = registry.gauge({ name: 'temperature', unit: 'celsius', help: '', labelNames: ['at'] });
  for (const [at, value] of Object.entries(TEMPERATURES)) temperature.set({ at }, value);
  registry.gauge({ name: 'heap.größe', help: '', labelNames: ['in.räume'] }).set({ 'in.räume': NASTY }, 1.5);
  const items = registry.summary({ name: 'batch_items', help: 'Items in a batch', quantiles: [0.5, 1] });
  for (const value of SUMMARIZED) items.observe(value);
  registry.info({ name: 'build', help: 'What runs' }).set({ version: '1.2.3', path: NASTY });
  registry.stateSet({ name: 'job_state', help: 'The job', states: ['starting', NASTY] }).set(NASTY);

  const native = registry.histogram({ name: 'native_only', help: HELP, buckets: [], native: true, labelNames: ['to'] });
  const series = native.labels(NASTY);
  for (const value of OBSERVED) series.observe(value, value === 2 ** 40 ? NATIVE_TRACE : undefined);
  const both = registry.histogram({ name: 'both', unit: 'seconds', help: '', buckets: BOUNDS, native: { factor: 2 } });
  for (const value of DURATIONS) both.observe(value, { trace_id: `took ${value}` });
  registry.histogram({ name: 'native_empty', help: 'Nothing yet', buckets: [], native: true });
  registry.register({
    collect: () => [{ name: 'plain', help: 'Plain', type: 'gaugehistogram', series: [{ labels: {}, ...PLAIN }] }],
  });

  const server = await http.startHttpServer({ port: 0, host: '127.0.0.1', registry });
  return {
    url: server.url,
    accepted: noteAccepted(server.port),
    observeRound: () => ROUND.forEach((value) => series.observe(value)),
    close: () => server.close(),
  };
}

/** What scrapes accept, filled as they come. */
function noteAccepted(port) {
  const accepted = new Set();
  subscribe('http.server.request.start', ({ request }) => {
    if (request.socket.localPort === port) accepted.add(request.headers.accept);
  });
  return accepted;
}

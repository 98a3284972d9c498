// Fuzzed names, labels, help texts and values in the escapings that scrapers ask for, read by Python over HTTP. What it
// makes of the usual one is checked by strict-parser.js, for metrics of all kinds.
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { measure } from '../checks.js';
import { NASTY } from '../nasty-characters.js';
import { thousands } from './figures.js';
import { FRAMEWORK_NAMES } from './frameworks.js';
import { Random } from './random.js';
import { scrape } from './scrape.js';
import { withTarget } from './targets.js';

const UNITS = [...NASTY, 'Z', '9', '_', '__', '.', ':', '-', 'U__', '_dot_'];
const VALUES = [0, 1, -1, 0.1, NaN, Infinity, -Infinity, 5e-324, Number.MAX_VALUE, Number.MAX_SAFE_INTEGER, 1e21, 1e-7];
const GAUGES = 20;

/** Prometheus, "Escaping schemes": how what was exposed is read. */
const SCHEMES = {
  values: { read: fromValues, expected: (name) => name },
  // All but letters, digits, colons, dots and underscores becomes one and the same.
  dots: {
    read: fromDots,
    expected: (name, legal) => name.replaceAll(legal, '_'),
  },
};

const TYPES = { text: 'text/plain;version=1.0.0', openmetrics: 'application/openmetrics-text;version=1.0.0' };

export async function run({ seed, isLong, startPythonParser }) {
  const parse = startPythonParser();
  const rounds = isLong ? 500 : 15;
  for (const framework of FRAMEWORK_NAMES) {
    await measure(
      `${framework}: Python reads fuzzed names, labels, help texts and values as they were, by two escapings`,
      () =>
        withTarget(framework, 'names', {}, async (target) => {
          for (let round = 0; round < rounds; round++) {
            const random = new Random(seed + round);
            const gauges = Array.from({ length: GAUGES }, (_, i) => fuzzedGauge(random, i));
            await target.call(
              'make',
              gauges.map(({ value, ...others }) => ({ ...others, value: String(value) })),
            );
            for (const format of Object.keys(TYPES)) {
              for (const scheme of Object.keys(SCHEMES)) await readsAll(target, parse, gauges, format, scheme);
            }
          }
          return `${thousands(rounds * GAUGES)} gauges, each in ${Object.keys(TYPES).length} formats and ${Object.keys(SCHEMES).length} escapings`;
        }),
    );
  }
}

async function readsAll(target, parse, gauges, format, scheme) {
  const document = await scrape(target, { accept: `${TYPES[format]};escaping=${scheme}` });
  const { read, expected } = SCHEMES[scheme];
  // The registry also has what it says of itself.
  const families = (await parse(format, document)).filter(({ name }) => !/^prometer_+scrape/.test(name));
  const actual = families.map(({ name, help, samples }) => ({
    name: read(name),
    help,
    samples: samples.map(({ labels, value }) => [
      Object.fromEntries(Object.entries(labels).map(([label, text]) => [read(label), text])),
      value,
    ]),
  }));
  const given = gauges.map(({ name, help, labels, value }) => ({
    name: expected(name, /[^\w:.]/gu),
    help,
    samples: [
      [Object.fromEntries(Object.entries(labels).map(([label, text]) => [expected(label, /[^\w.]/gu), text])), value],
    ],
  }));
  for (const [i, one] of given.entries())
    assert.deepEqual(actual[i], one, `${format}, ${scheme}: ${inspect({ read: actual[i], given: one }, false, 5)}`);
  assert.equal(actual.length, given.length);
}

function fuzzedGauge(random, i) {
  const text = () => random.several(8, () => random.of(UNITS)).join('');
  const labels = random.several(3, text).map((name, j) => [`l${j}_${name}`, text()]);
  return {
    // No two are the same, however they are escaped, nor with one of the suffixes that samples have.
    name: `m${i}:${text()}x`,
    // The parser of the text format takes away the space around it.
    help: `(${text()})`,
    labels: Object.fromEntries(labels),
    value: random.of(VALUES),
  };
}

function fromValues(name) {
  if (!name.startsWith('U__')) return name;
  return name
    .slice('U__'.length)
    .replaceAll(/__|_([0-9a-f]+)_/g, (found, hex) =>
      hex === undefined ? '_' : String.fromCodePoint(Number.parseInt(hex, 16)),
    );
}

function fromDots(name) {
  return name.replaceAll(/__|_dot_/g, (found) => (found === '__' ? '_' : '.'));
}

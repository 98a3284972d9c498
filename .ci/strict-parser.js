// Python's client library reads what the registry writes: its strict OpenMetrics parser, and the one for the text
// format. Whatever property tests make is to be accepted and to come back as the same samples.
// `node .ci/strict-parser.js SEED` repeats a run; a failure tells its seed.
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { families } from './arbitrary-families.js';
import { constantLabels, metrics, useMetrics } from './arbitrary-metrics.js';
import { check, finish } from './checks.js';
import { comparable, inOpenMetrics, inText } from './expected-families.js';
import { stopAll } from './processes.js';
import { core } from './prometer.js';
import { startPythonParser } from './python-parser.js';

const RUNS = 500;
const seed = process.argv[2] === undefined ? {} : { seed: Number(process.argv[2]) };

/** Of how registries come to have something to show. */
const MAKERS = {
  'metrics of all kinds': { arbitrary: metrics, fill: useMetrics },
  'custom collectors': { arbitrary: families, fill: (registry, all) => registry.register({ collect: () => all }) },
};
const FORMATS = {
  openmetrics: { title: "Python's strict OpenMetrics parser", expected: inOpenMetrics, isStrict: true, helpOf: String },
  // This parser takes away the space around a help text.
  text: {
    title: "Python's parser of the text format",
    expected: inText,
    isStrict: false,
    helpOf: (help) => `(${help})`,
  },
};

/** Documents that break a rule each, so that the referee is known to look. */
const INVALID = {
  openmetrics: {
    'no end': 'a 1\n',
    'more after the end': 'a 1\n# EOF\nb 1\n',
    'an empty line': 'a 1\n\n# EOF\n',
    'a label twice': 'a{b="1",b="2"} 1\n# EOF\n',
    'a quote that is not escaped': 'a{b="""} 1\n# EOF\n',
    'a name in quotes': '{"a.b"} 1\n# EOF\n',
    'a counter that is NaN': '# TYPE a counter\na_total NaN\n# EOF\n',
    'a unit that the name does not end in': '# TYPE a gauge\n# UNIT a bytes\na 1\n# EOF\n',
    'a histogram without +Inf': '# TYPE a histogram\na_bucket{le="1.0"} 0\n# EOF\n',
    'a sum beside a negative bound':
      '# TYPE a histogram\na_bucket{le="-1.0"} 0\na_bucket{le="+Inf"} 0\na_sum 0\na_count 0\n# EOF\n',
    'an exemplar of a gauge': '# TYPE a gauge\na 1 # {b="c"} 1\n# EOF\n',
    'series that are mixed up': '# TYPE a summary\na_sum{b="1"} 1\na_sum{b="2"} 1\na_count{b="1"} 1\n# EOF\n',
    'families that are mixed up': '# TYPE a gauge\na 1\n# TYPE b gauge\nb 1\n# TYPE a gauge\na{c="d"} 1\n# EOF\n',
  },
  text: {
    'no value': 'a\n',
    'a value that is none': '# TYPE a gauge\na one\n',
    'a name that is none': '# TYPE a.b gauge\na.b 1\n',
  },
};

try {
  const parse = startPythonParser();
  for (const [format, documents] of Object.entries(INVALID)) {
    for (const [what, document] of Object.entries(documents)) {
      await check(`${FORMATS[format].title} refuses ${what}`, () =>
        assert.rejects(parse(format, document), /Python's parser refuses it/),
      );
    }
  }
  for (const [format, { title, expected, isStrict, helpOf }] of Object.entries(FORMATS)) {
    for (const [what, { arbitrary, fill }] of Object.entries(MAKERS)) {
      const made = fc.record({ labels: constantLabels, created: fc.boolean(), all: arbitrary({ isStrict }) });
      const property = fc.asyncProperty(made, async ({ labels, created, all }) => {
        const registry = new core.Registry({ labels });
        fill(
          registry,
          all.map((each) => ({ ...each, help: helpOf(each.help) })),
        );
        const gathered = await registry.gather();
        assert.equal(gathered.length, all.length, 'something was left out by gather');
        const document = await registry.metrics({ format, created });
        try {
          assert.deepEqual(comparable(await parse(format, document)), comparable(expected(gathered, { created })));
        } catch (error) {
          throw new Error(`${error.message}\nThe document:\n${document}`, { cause: error });
        }
      });
      await check(`${title} reads the same from ${what}`, () =>
        fc.assert(property, { numRuns: RUNS, includeErrorInReport: true, ...seed }),
      );
    }
  }
} finally {
  await stopAll();
}
finish();

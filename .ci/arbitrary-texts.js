// Texts and names as nasty as users can make them.
import * as fc from 'fast-check';
import { underscored } from './expected-families.js';
import { NASTY } from './nasty-characters.js';

const UNITS = [...NASTY, 'n', '\t', ',', '_', '\u0085', '\ufeff'];
const WHOLE = [
  '# EOF',
  '\n# EOF\n',
  ' # {a="b"} 1',
  'b",c="d"} 1 2',
  '  at the ends  ',
  '\\',
  '\\\\n',
  '"',
  '}',
  '+Inf',
  'NaN',
];

/** Any text, and more often than not one of what separates, escapes and ends. */
export const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 10 }),
  fc.string({ unit: fc.constantFrom(...UNITS), maxLength: 10 }),
  fc.constantFrom(...WHOLE),
);

/** A value of a label: also one that has half of a surrogate pair. */
export const labelValue = fc.oneof(
  { weight: 9, arbitrary: text },
  { weight: 1, arbitrary: fc.tuple(text, fc.constantFrom('\ud83d', '\ude00'), text).map((parts) => parts.join('')) },
);

const LABEL_NAMES = ['a', 'B9', 'le_', 'x:y', 'a.b', 'größe', '9lives', 'constructor', 'prototype', '😱'];

const labelName = fc
  .oneof(fc.constantFrom(...LABEL_NAMES), text)
  // What Prometheus and some types keep for themselves; families' own names begin with m and a digit.
  .filter((name) => name !== '' && !name.startsWith('__') && !/^(__name__|le|quantile|m\d.*)$/.test(underscored(name)));

/** Distinct ones, also as they are exposed. */
export const labelNames = ({ minLength = 0, maxLength }) =>
  fc.uniqueArray(labelName, { minLength, maxLength, selector: underscored });

/** Labels by name. */
export const labels = labelNames({ maxLength: 3 }).chain((names) => labelsNamed(names));

/** Values for these names. */
export const labelsNamed = (names) =>
  fc
    .tuple(...names.map(() => labelValue))
    .map((values) => Object.fromEntries(names.map((name, i) => [name, values[i]])));

/**
 * Python's parser ends the labels of an exemplar at the first `}`, also at one within a value (client_python 0.16), so
 * they have none here.
 */
export const exemplarLabels = fc.oneof(
  { weight: 9, arbitrary: labels.map((all) => mapValues(all, (value) => value.replaceAll('}', '{'))) },
  // As long as they may be: 128 characters, of which some are more than one UTF-16 unit.
  { weight: 1, arbitrary: fc.constant({ trace_id: `${'é'.repeat(60)}${'😱'.repeat(60)}` }) },
);

/** What comes after that which makes it different from all others. */
export const metricName = fc.oneof(fc.constantFrom('requests', 'http.server', 'x:y'), text);
export const unit = fc.option(fc.constantFrom('seconds', 'bytes', 's:x', '_'), { nil: undefined });

function mapValues(labelsByName, map) {
  return Object.fromEntries(Object.entries(labelsByName).map(([name, value]) => [name, map(value)]));
}

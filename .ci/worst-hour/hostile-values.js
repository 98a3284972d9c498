// Values for labels as nobody should give them, and what has to come of each.

import { NASTY } from '../nasty-characters.js';

const UNITS = [...NASTY, ',', '\t', '\ufeff', '\ud83d', '\ude00'];
const WHOLE = [
  '__proto__',
  'constructor',
  'hasOwnProperty',
  '_overflow_',
  '',
  '# EOF',
  '\n# EOF\n',
  '"} 1\nx 2',
  '+Inf',
  'other',
];
const NUMBERS = [0, -0, NaN, Infinity, -Infinity, 1e21, 5e-324, 0.1 + 0.2, Number.MAX_SAFE_INTEGER];

/** What is no text, and never becomes a label. */
const GARBAGE = [{}, [], ['a'], { toString: 1 }, { __proto__: null }];

/** One value, and `kind`: `text`, `huge`, of so many characters, or `garbage`. All but numbers can be sent as JSON. */
export function hostileValue(random, hugeLength) {
  const dice = random.below(1000);
  if (dice < 500) return { kind: 'text', value: `${random.below(2 ** 32)}` };
  if (dice < 800) return { kind: 'text', value: random.several(12, () => random.of(UNITS)).join('') };
  if (dice < 900) return { kind: 'text', value: random.of(WHOLE) };
  if (dice < 950) return { kind: 'text', value: random.of(NUMBERS) };
  if (dice < 970) return { kind: 'text', value: random.of([true, false, null, undefined]) };
  if (dice < 990) return { kind: 'garbage', value: random.of(GARBAGE) };
  if (dice < 995) return { kind: 'text', value: '\ud83d'.repeat(random.below(300)) };
  return { kind: 'huge', value: `${random.below(2 ** 32)}`.padStart(hugeLength, 'huge') };
}

/** The label that a text, a number or nothing at all becomes (README: halves of surrogate pairs are no text). */
export function labelOf(value) {
  return value === undefined || value === null ? '' : String(value).toWellFormed();
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const text = readFileSync(join(__dirname, '../../CONTRIBUTING.md'), 'utf8');
const section = text.slice(text.indexOf('\n## How to add an adapter\n'));

/** The example adapter of CONTRIBUTING.md, and the app that uses it. */
export const [adapter, app] = Array.from(section.matchAll(/^```js\n([\s\S]*?)^```$/gm), ([, code]) => code) as [
  string,
  string,
];

// The last step of a build: tells Node.js that what stands in dist/cjs of each package is CommonJS, though
// the package itself says "type": "module".
import { existsSync, readdirSync, writeFileSync } from 'node:fs';

for (const name of readdirSync(import.meta.dirname)) {
  const folder = `${import.meta.dirname}/${name}/dist/cjs`;
  if (existsSync(folder)) writeFileSync(`${folder}/package.json`, '{ "type": "commonjs" }\n');
}

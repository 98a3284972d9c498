// Whether the public packages offer what .ci/api says: a change there is one for users, and is made on purpose.
//
//   node .ci/api.js           fails with what differs
//   node .ci/api.js --accept  writes it down
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, finish } from './checks.js';
import { command } from './command.js';
import { publicDeclarations } from './public-declarations.js';
import { publicPackages } from './public-packages.js';
import { temporaryFolder } from './temporary-folder.js';

const kept = join(import.meta.dirname, 'api');
const made = temporaryFolder('api');
const accepts = process.argv.includes('--accept');

mkdirSync(kept, { recursive: true });
for (const { name, folder, manifest } of publicPackages(join(import.meta.dirname, '..'))) {
  await check(`${manifest.name}: ${accepts ? 'now offers' : 'offers'} what .ci/api/${name}.md says`, async () => {
    const [before, now] = [join(kept, `${name}.md`), join(made, `${name}.md`)];
    const declarations = await publicDeclarations(join(folder, 'dist', 'index.d.cts'), made);
    writeFileSync(now, `# ${manifest.name}\n\n\`\`\`ts\n${declarations}\`\`\`\n`);
    if (accepts) copyFileSync(now, before);
    else await compare(before, now);
  });
}
finish();

async function compare(before, now) {
  try {
    await command('git', [
      'diff',
      '--no-index',
      '--no-color',
      '--no-prefix',
      existsSync(before) ? before : '/dev/null',
      now,
    ]);
  } catch (error) {
    throw new Error(`${error.message}\n\nIf that is what users are to have: npm run accept-api`, { cause: error });
  }
}

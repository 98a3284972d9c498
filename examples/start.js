// `npm start` runs the Fastify example, `npm start -- NAME` any other one.
import { readdirSync } from 'node:fs';
import { register } from 'node:module';

const files = new Map(
  readdirSync(import.meta.dirname)
    .filter((file) => /\.(?:c?js|ts)$/.test(file) && !file.startsWith('start'))
    .map((file) => [file.replace(/\.\w+$/, ''), file]),
);
const [name = 'fastify'] = process.argv.slice(2);
const file = files.get(name);

if (file === undefined) {
  console.error(`There is no example ${JSON.stringify(name)}. There are: ${[...files.keys()].toSorted().join(', ')}.`);
  process.exit(1);
}
const { PORT } = process.env;
if (PORT !== undefined && !(/^\d{1,5}$/.test(PORT) && Number(PORT) <= 65_535)) {
  console.error(`PORT=${PORT} is no port. Choose one from 0 to 65535: PORT=3001 npm start -- ${name}`);
  process.exit(1);
}
// Node.js 20 doesn't know TypeScript.
if (file.endsWith('.ts') && !process.features.typescript) register('./start-typescript.js', import.meta.url);
try {
  const example = await import(`./${file}`);
  // CommonJS has no await at its top: there it exports what is to be waited for.
  await example.default;
} catch (error) {
  if (error.code !== 'EADDRINUSE') throw error;
  const { port } = error.cause ?? error;
  const variable = port === Number(process.env.METRICS_PORT ?? 9464) ? 'METRICS_PORT' : 'PORT';
  const other = port < 65_535 ? port + 1 : port - 1;
  console.error(`Port ${port} is in use. Choose another one: ${variable}=${other} npm start -- ${name}`);
  process.exit(1);
}

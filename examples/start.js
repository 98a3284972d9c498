// `npm start` runs the Fastify example, `npm start -- NAME` any other one.
import { readdirSync } from 'node:fs';

const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.js') && file !== 'start.js')
  .map((file) => file.slice(0, -'.js'.length));
const [name = 'fastify'] = process.argv.slice(2);

if (!names.includes(name)) {
  console.error(`There is no example ${JSON.stringify(name)}. There are: ${names.join(', ')}.`);
  process.exit(1);
}
try {
  await import(`./${name}.js`);
} catch (error) {
  if (error.code !== 'EADDRINUSE') throw error;
  const port = process.env.PORT ?? (name === 'exporter' ? 8000 : 3000);
  console.error(`Port ${port} is in use. Choose another one: PORT=${Number(port) + 1} npm start -- ${name}`);
  process.exit(1);
}

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
const { PORT } = process.env;
if (PORT !== undefined && !(/^\d{1,5}$/.test(PORT) && Number(PORT) <= 65_535)) {
  console.error(`PORT=${PORT} is no port. Choose one from 0 to 65535: PORT=3001 npm start -- ${name}`);
  process.exit(1);
}
try {
  await import(`./${name}.js`);
} catch (error) {
  if (error.code !== 'EADDRINUSE') throw error;
  const port = Number(PORT ?? (name === 'exporter' ? 8000 : 3000));
  const other = port < 65_535 ? port + 1 : port - 1;
  console.error(`Port ${port} is in use. Choose another one: PORT=${other} npm start -- ${name}`);
  process.exit(1);
}

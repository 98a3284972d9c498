// A process of its own for one library, so that none runs in the heap, or with the compiled code, of another. It does
// what it is told, one thing at a time: `node child.js <module> <subject> <options>`.
const [, , module, subject, options] = process.argv;

const calls = await (await import(module)).child(subject, JSON.parse(options));
process.on('message', ({ id, name, given }) => void answer(id, name, given));
process.on('disconnect', () => process.exit());
process.send({ id: 0 });

async function answer(id, name, given) {
  try {
    process.send({ id, result: await calls[name](...given) });
  } catch (error) {
    process.send({ id, failure: error?.stack ?? String(error) });
  }
}

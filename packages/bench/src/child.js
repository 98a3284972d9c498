// A process of its own for one library, so that none runs in the heap, or with the compiled code, of another. It does
// what it is told, one thing at a time: `node child.js <module> <subject> <options>`.
const [, , module, subject, options] = process.argv;

const calls = await (await import(module)).child(subject, JSON.parse(options));
process.on('message', ({ name, given }) => void answer(name, given));
process.on('disconnect', () => process.exit());
process.send({});

async function answer(name, given) {
  try {
    process.send({ result: await calls[name](...given) });
  } catch (error) {
    process.send({ failure: error?.stack ?? String(error) });
  }
}

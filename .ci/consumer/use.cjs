// node use.cjs NAME: uses a package as CommonJS does.
const uses = require('./uses.cjs');

uses[process.argv[2]](require).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});

// Lets a program find the packages by their names in their sources, as Jest does, rather than as they were last built.
const { readFileSync } = require('node:fs');
const Module = require('node:module');
const { resolve } = require('node:path');
const { transformSync } = require('@swc/core');

const packages = resolve(__dirname, '../../..');
const resolveFilename = Module._resolveFilename;

Module._resolveFilename = function (request, ...rest) {
  const [, name] = /^@prometer\/([a-z]+)$/.exec(request) ?? [];
  return resolveFilename.call(this, name === undefined ? request : `${packages}/${name}/src/index.ts`, ...rest);
};

Module._extensions['.ts'] = (module, filename) => {
  const jsc = { parser: { syntax: 'typescript' }, target: 'es2023' };
  const options = { filename, jsc, module: { type: 'commonjs' }, swcrc: false };
  module._compile(transformSync(readFileSync(filename, 'utf8'), options).code, filename);
};

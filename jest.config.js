/** @type {import('jest').Config} */
export default {
  testMatch: ['<rootDir>/packages/*/test/**/*.test.ts', '<rootDir>/examples/test/**/*.test.ts'],
  moduleNameMapper: { '^@prometer/([a-z]+)$': '<rootDir>/packages/$1/src/index.ts' },
  transform: {
    '\\.ts$': swc({ syntax: 'typescript' }),
    // Fastify's own test client depends on this one, which is an ES module only.
    '/node_modules/cookie/.+\\.js$': swc({ syntax: 'ecmascript' }),
  },
  transformIgnorePatterns: ['/node_modules/(?!(\\.pnpm|cookie)[@/])'],
  // V8's own makes the tests take twice as long.
  coverageProvider: 'babel',
  collectCoverageFrom: ['packages/*/src/**/*.ts', '!**/*.d.ts'],
  coverageReporters: ['json', ['text', { skipFull: true }]],
  coverageThreshold: Object.fromEntries(
    ['core', 'node', 'http', 'express', 'fastify'].map((name) => [
      `./packages/${name}/src/`,
      { lines: 95, branches: 95 },
    ]),
  ),
  reporters: ['default', '<rootDir>/.ci/jest-reporter.js'],
};

function swc(parser) {
  return ['@swc/jest', { jsc: { parser, target: 'es2023' }, module: { type: 'commonjs' } }];
}

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
  coverageProvider: 'v8',
  collectCoverageFrom: ['packages/*/src/**/*.ts'],
  reporters: ['default', '<rootDir>/.ci/jest-reporter.js'],
};

function swc(parser) {
  return ['@swc/jest', { jsc: { parser, target: 'es2023' }, module: { type: 'commonjs' } }];
}

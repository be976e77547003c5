/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/.sagaworks/'],
  modulePathIgnorePatterns: ['/dist/', '/.sagaworks/'],
  transform: {
    '^.+\\.[tj]s$': [
      '@swc/jest',
      {
        jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  // These are ES modules only, which Node loads by `require` and Jest does not.
  transformIgnorePatterns: ['/node_modules/(?!(commander|jose|kysely|uuid)/)'],
  testTimeout: 120_000,
  // Most tests wait more than they compute: three at once keep two processors busy.
  maxWorkers: 3,
  testSequencer: '<rootDir>/tests/support/sequencer.js',
  // Of `test.concurrent`, whose tests wait most of their time: all of a file at once.
  maxConcurrency: 1_000,
  // What a file leaves behind in its worker must not add up over a hundred files.
  workerIdleMemoryLimit: '1GB',
};

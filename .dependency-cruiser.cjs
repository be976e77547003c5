// lib <- contracts <- services <- activities <- workers <- cli; workflows see only lib/saga, contracts/saga and activity types.
const layers = ['lib', 'contracts', 'services', 'activities', 'workers', 'cli'];

/** A layer may import itself and what stands before it in `layers`, never what comes after. */
const upward = layers.map((layer, index) => ({
  name: `${layer}-imports-downwards-only`,
  severity: 'error',
  from: { path: `^${layer}/`, pathNot: '\\.test\\.ts$' },
  to: { path: [...layers.slice(index + 1), 'workflows', 'infra', 'tests', 'bench'].map((name) => `^${name}/`) },
}));

/** What the last two layers may see besides: the workers start workflows by path, the cli drives the local stack. */
const exceptions = {
  workers: ['infra', 'tests', 'bench', 'cli'],
  cli: ['tests', 'bench', 'workflows'],
};
for (const rule of upward) {
  const layer = rule.from.path.slice(1, -1);
  if (exceptions[layer]) rule.to.path = exceptions[layer].map((name) => `^${name}/`);
}

/** What processes outside of workflows may see of the saga kit. */
const plainOfSagaKit = '^lib/saga/(messages|steps)\\.ts$';

module.exports = {
  forbidden: [
    ...upward,
    {
      name: 'services-never-import-each-other',
      severity: 'error',
      from: { path: '^services/([^/]+)/' },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'console-sees-itself-only',
      comment: 'It runs in a browser and knows the platform by its API.',
      severity: 'error',
      from: { path: '^console/src/' },
      to: { pathNot: ['^console/src/', '^node_modules/(preact|@preact)/'] },
    },
    {
      name: 'workflows-see-only-the-saga-kit-and-its-contract',
      comment: 'Anything else would enter the workflow bundle: not deterministic, and large.',
      severity: 'error',
      from: { path: '^workflows/', pathNot: '\\.test\\.ts$' },
      to: {
        pathNot: ['^workflows/', '^lib/saga/', '^contracts/saga/', '^node_modules/@temporalio/(workflow|common)'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'workflows-take-types-from-activities-only',
      severity: 'error',
      from: { path: '^workflows/', pathNot: '\\.test\\.ts$' },
      to: {
        dependencyTypes: ['type-only'],
        pathNot: ['^workflows/', '^lib/saga/', '^contracts/saga/', '^activities/', '^node_modules/@temporalio/'],
      },
    },
    {
      name: 'contracts-saga-is-plain',
      comment: 'contracts/saga is bundled into workflows, and every process reads it: no zod, no library at all.',
      severity: 'error',
      from: { path: '^contracts/saga/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: ['^contracts/saga/', plainOfSagaKit] },
    },
    {
      name: 'plain-files-of-the-saga-kit-stay-plain',
      comment: 'Every process reads them: they bring no Temporal along.',
      severity: 'error',
      from: { path: plainOfSagaKit },
      to: { pathNot: plainOfSagaKit },
    },
    {
      name: 'saga-kit-runs-in-the-sandbox',
      comment: 'lib/saga is bundled into workflows: it sees itself and what Temporal runs there, nothing else of lib.',
      severity: 'error',
      from: { path: '^lib/saga/', pathNot: '^lib/saga/test/|\\.test\\.ts$' },
      to: { pathNot: ['^lib/saga/', '^node_modules/@temporalio/(workflow|common)'] },
    },
    {
      name: 'only-tests-import-tests',
      severity: 'error',
      from: { pathNot: ['^tests/', '^bench/', '\\.test\\.ts$'] },
      to: { path: ['^tests/', '\\.test\\.ts$'] },
    },
    {
      name: 'tests-of-lib-know-no-domain',
      comment: 'They are copied with lib, and with them tests/lib-support.',
      severity: 'error',
      from: { path: ['^lib/.*\\.test\\.ts$', '^tests/lib-support/'] },
      to: {
        path: ['^(contracts|services|activities|workers|workflows|cli|infra|bench)/', '^tests/(?!lib-support/)'],
      },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    // In a copy whose node_modules is a link the rules see the same paths.
    preserveSymlinks: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^dist/', '^console/dist/', '^\\.sagaworks/'] },
  },
};

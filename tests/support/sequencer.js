'use strict';
/*
 * Orders the test files for Jest: those that take longest begin first, so that none of them is left over when the other
 * worker has nothing more to do. Jest itself would go by file size in a new checkout.
 */
const slowest = [
  'tests/e2e/new-service.test.ts',
  'tests/docs/reader.test.ts',
  'tests/outages/outages.test.ts',
  'tests/matrix/matrix.test.ts',
  'tests/chaos/',
  'tests/upgrade/',
  'tests/replay/',
  'cli/sagaworks.test.ts',
  'tests/docs/pages.test.ts',
  'tests/e2e/',
  'tests/integration/',
  'services/recommendations/',
  'services/orders/',
  'workers/',
  'workflows/',
  'lib/inbox/',
  'lib/',
];

const rankOf = ({ path, context }) => {
  const file = path.slice(context.config.rootDir.length + 1);
  const rank = slowest.findIndex((prefix) => file.startsWith(prefix));
  return rank < 0 ? slowest.length : rank;
};

class SlowestFirst {
  sort(tests) {
    return [...tests].sort((a, b) => rankOf(a) - rankOf(b) || b.path.localeCompare(a.path));
  }

  cacheResults() {
    // The order is fixed: what a run took is not kept.
  }
}

module.exports = SlowestFirst;

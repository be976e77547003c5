'use strict';
/*
 * Orders the test files for Jest: those that take longest begin first, so that none of them is left over when the other
 * worker has nothing more to do. Jest itself would go by file size in a new checkout.
 */
const slowest = [
  'tests/e2e/new-service.test.ts',
  'tests/docs/reader.test.ts',
  'tests/e2e/cancellations.test.ts',
  'tests/e2e/projections.test.ts',
  'tests/e2e/notifications.test.ts',
  'tests/outages/',
  'tests/chaos/cluster.test.ts',
  'tests/integration/rotation.test.ts',
  'services/analytics/numbers.test.ts',
  'services/recommendations/counts.test.ts',
  'services/orders/rebuild.test.ts',
  'tests/e2e/audit.test.ts',
  'tests/e2e/privacy.test.ts',
  'tests/e2e/deploy.test.ts',
  'tests/e2e/lost-sagas.test.ts',
  'tests/docs/tutorials.test.ts',
  'tests/chaos/',
  'tests/e2e/outages.test.ts',
  'tests/integration/topology.test.ts',
  'tests/e2e/',
  'tests/matrix/',
  'services/notifications/mailer.test.ts',
  'services/orders/list.test.ts',
  'services/recommendations/plans.test.ts',
  'services/orders/time-travel.test.ts',
  'workflows/order.test.ts',
  'tests/replay/',
  'tests/upgrade/',
  'tests/integration/',
  'cli/sagaworks.test.ts',
  'lib/saga/',
  'lib/eventlog/',
  'lib/broker/migration/',
  'workers/bridge/',
  'workflows/',
  'lib/operations/',
  'lib/inbox/',
  'tests/docs/',
  'services/recommendations/',
  'services/orders/',
  'workers/',
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

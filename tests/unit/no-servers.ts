import { afterAll, afterEach } from '@jest/globals';
import { guardConnections } from './connections';

/** Set up before each file of unit tests. The code under test may catch the error and retry, so the test fails here. */
const guard = guardConnections();
afterEach(() => {
  const refusal = guard.takeRefusal();
  if (refusal) throw refusal;
});
afterAll(() => guard.remove());

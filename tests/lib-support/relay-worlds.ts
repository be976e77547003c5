import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { createRelayWorld, type RelayWorld, type RelayWorldOptions } from './relay';
import { createTestVhost, type TestVhost } from './vhost';

/** Relay worlds for the tests of one file, in a virtual host of its own; each ends with its test. */
export function relayWorlds(): (options?: Partial<RelayWorldOptions>) => Promise<RelayWorld> {
  let vhost: TestVhost;
  const worlds: RelayWorld[] = [];
  beforeAll(async () => {
    vhost = await createTestVhost();
  });
  afterEach(async () => {
    for (const world of worlds.splice(0)) await world.end();
  });
  afterAll(() => vhost.drop());
  return async (options = {}) => {
    const world = await createRelayWorld({ vhost, ...options });
    worlds.push(world);
    return world;
  };
}

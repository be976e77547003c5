import { startConsumer } from '../consumers';
import { openMigrated, temporalOf, type Platform } from '../platform/platform';
import { bridge, bridgeSubscriptions } from './bridge';
import { policyOf } from './policy';

/** The bridge's database: its inbox. */
export const openBridge = (platform: Platform) =>
  openMigrated(platform, bridge.name, platform.addresses.database(bridge.name), bridge.migrations);

/** The subscriptions of the bridge, over this process's connection to Temporal. */
export const subscriptionsOf = (platform: Platform) =>
  bridgeSubscriptions({
    client: () => temporalOf(platform).client,
    policy: (currency) => policyOf(platform.config, currency, platform.ownersAreHere),
  });

/** Starts the bridge: from facts on the broker to sagas in Temporal. */
export async function startBridge(platform: Platform): Promise<void> {
  const database = await openBridge(platform);
  const broker = await platform.brokerOf(bridge.name);
  for (const subscription of subscriptionsOf(platform))
    await startConsumer(platform, broker, database, bridge.consumer, subscription);
}

import { startConsumer } from '../consumers';
import { databaseUrlOf } from '../config/config';
import { openMigrated, temporalOf, type Platform } from '../platform/platform';
import { bridge, bridgeSubscriptions } from './bridge';
import { policyOf } from './settings';

/** The bridge's database: its inbox. */
export const openBridge = (platform: Platform) =>
  openMigrated(platform, bridge.name, databaseUrlOf(platform.config, bridge.name), bridge.migrations);

/** What the bridge hears, with Temporal at hand. */
export const subscriptionsOf = (platform: Platform) =>
  bridgeSubscriptions({
    client: () => temporalOf(platform).client,
    policy: (currency) => policyOf(platform.config, currency),
  });

/** Starts the bridge: from facts on the broker to sagas in Temporal. */
export async function startBridge(platform: Platform): Promise<void> {
  const database = await openBridge(platform);
  const broker = await platform.brokerOf(bridge.name);
  for (const subscription of subscriptionsOf(platform))
    await startConsumer(platform, broker, database, bridge.consumer, subscription);
}

import { startConsumer } from '../consumers';
import { openMigrated, temporalOf, type Platform } from '../platform/platform';
import { bridge, bridgeSubscriptions } from './bridge';

/** The bridge's database: its inbox. */
export const openBridge = (platform: Platform) =>
  openMigrated(platform, bridge.name, platform.addresses.database(bridge.name), bridge.migrations);

/** In a process without Temporal, operators can still look at what the bridge has parked; handling it throws. */
const noTemporal = {
  get client() {
    return temporalOf({ temporal: undefined }).client;
  },
};

/** The subscriptions of the bridge, over this process's connection to Temporal. */
export const subscriptionsOf = ({
  temporal,
  config,
  ownersAreHere,
}: Pick<Platform, 'temporal' | 'config' | 'ownersAreHere'>) =>
  bridgeSubscriptions({ temporal: temporal ?? noTemporal, settings: config, ownersAreHere });

/** Starts the bridge: from facts on the broker to sagas in Temporal. */
export async function startBridge(platform: Platform): Promise<void> {
  const database = await openBridge(platform);
  const broker = await platform.brokerOf(bridge.name);
  for (const subscription of subscriptionsOf(platform))
    await startConsumer(platform, broker, database, bridge.consumer, subscription);
}

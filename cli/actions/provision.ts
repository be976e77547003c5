import { secretIn } from '../../lib/config/secret-files';
import type { Difference } from '../../lib/broker/topology/difference';
import { createLogger } from '../../lib/telemetry/logger';
import { connectTemporal } from '../../lib/temporal/client';
import { provisionNamespace } from '../../lib/temporal/namespace';
import { provisionBroker } from '../../workers/provision/broker';
import { provisionDatabases } from '../../workers/provision/databases';
import { migrateOwned } from '../../workers/provision/migrations';
import {
  provisioningOf,
  provisionParts,
  settingsOf,
  type Provisioning,
  type ProvisionPart,
} from '../../workers/provision/parts';
import { provisionScripts, scriptText } from '../../workers/provision/script';
import { desiredTopology } from '../../workers/topology/changes';
import { exitCodes } from '../exit-codes';
import { CommandFailure } from '../failures';
import { note, print, type OutputOptions } from '../output';
import { processSettings } from '../platform/settings';
import { temporalAddress } from '../platform/temporal';
import { tlsIn } from '../platform/tls';

interface Options extends OutputOptions {
  only?: ProvisionPart[];
  retentionDays: number;
  dryRun?: boolean;
}

export async function provision(options: Options): Promise<void> {
  const { env } = processSettings(process.env);
  const wanted = wantedParts(env, options);
  if (options.dryRun) {
    print(provisionScripts(wanted, desiredTopology()), options, scriptText);
    return;
  }
  const say = (line: string): void => note(line, options);
  const { databases, broker, temporal } = wanted;
  if (databases) await makeDatabases(env, databases, say);
  const left = broker ? await makeBroker(broker, say) : [];
  if (temporal) await makeNamespace(env, temporal, say);
  print({ provisioned: Object.keys(wanted), differences: left }, options, () => describe(wanted, left));
  if (left.length > 0) process.exitCode = exitCodes.different;
}

/** The parts that were asked for. @throws CommandFailure when the settings of one are missing */
function wantedParts(env: NodeJS.ProcessEnv, options: Options): Provisioning {
  const all = provisioningOf({
    env,
    secretOf: (name) => secretIn(env, name),
    tlsOf: (system) => tlsIn(env, system),
    retentionDays: options.retentionDays,
  });
  const asked = options.only ?? provisionParts.filter((part) => all[part]);
  const missing = (options.only ?? (asked.length === 0 ? provisionParts : [])).filter((part) => !all[part]);
  if (missing.length > 0)
    throw new CommandFailure('failed', missing.map((part) => `${part}: set ${settingsOf[part]}`).join('; '));
  for (const part of provisionParts.filter((one) => !all[one]))
    note(`${part}: left, as ${settingsOf[part]} are not set`, options);
  return Object.fromEntries(asked.map((part) => [part, all[part]]));
}

async function makeDatabases(
  env: NodeJS.ProcessEnv,
  { admin, wanted, owned }: NonNullable<Provisioning['databases']>,
  say: (line: string) => void,
): Promise<void> {
  await provisionDatabases(admin, wanted);
  say(`databases and roles: ${wanted.map(({ database }) => database).join(', ')}`);
  await migrateOwned(owned, tlsIn(env, 'POSTGRES'));
  say('databases migrated');
}

async function makeBroker(
  wanted: NonNullable<Provisioning['broker']>,
  say: (line: string) => void,
): Promise<Difference[]> {
  const left = await provisionBroker(wanted, say);
  say(`broker users: ${wanted.users.map(({ name }) => name).join(', ') || 'none, as no login of a service is set'}`);
  return left;
}

async function makeNamespace(
  env: NodeJS.ProcessEnv,
  wanted: NonNullable<Provisioning['temporal']>,
  say: (line: string) => void,
): Promise<void> {
  const { address, namespace, access } = temporalAddress(env);
  const logger = createLogger({ name: 'provision', level: 'silent' });
  const temporal = await connectTemporal({ address, namespace, access, logger });
  try {
    const made = await provisionNamespace(temporal.client.connection, wanted);
    say(`Temporal: ${made.join(', ') || `namespace ${wanted.namespace} has all it needs`}`);
  } catch (error) {
    const denied = [permissionDenied, unimplemented].includes((error as { code?: number }).code ?? 0);
    if (!denied) throw error;
    const by = 'make the namespace and its search attributes by hand: sagaworks provision --dry-run --only temporal';
    throw new CommandFailure('failed', `Temporal at ${address} does not let this login do it; ${by}`);
  } finally {
    await temporal.close();
  }
}

/** Codes of gRPC: what Temporal Cloud answers to what its own API does. */
const [permissionDenied, unimplemented] = [7, 12];

const describe = (wanted: Provisioning, left: readonly Difference[]): string =>
  [
    `Provisioned: ${Object.keys(wanted).join(', ')}`,
    ...left.map(({ what, name, is, detail }) => `${what} ${name}: ${detail ?? is}`),
  ].join('\n');

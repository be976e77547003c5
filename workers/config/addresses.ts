import type { BrokerAddress } from '../../lib/broker/connection/address';
import { combined, fixed, type Live } from '../../lib/config/live';
import type { LiveSettings } from '../../lib/config/live-settings';
import type { Reloader } from '../../lib/config/reload';
import type { DatabaseAddress } from '../../lib/db/address';
import type { TemporalAccess } from '../../lib/temporal/access';
import { clientTls, tlsNames, type ClientTls, type TlsIdentity } from '../../lib/tls/client-tls';
import { readTlsFiles, type TlsFiles } from '../../lib/tls/tls-files';
import { variableOf, type PlatformConfig } from './config';
import { hasTlsFiles, tlsFilesOf, type TlsSystem } from './contradictions';

/** The systems that a process connects to, with the logins and certificates in use. */
export interface Addresses {
  /** Undefined when it is not configured. @param name of the database. */
  database(name: string): Live<DatabaseAddress> | undefined;
  /** The same as the owner of its tables; undefined when that is not configured. */
  databaseOwner(name: string): Live<DatabaseAddress> | undefined;
  /** Any other database URL, with the TLS settings of all databases. */
  databaseAt(url: Live<string>): Live<DatabaseAddress>;
  /** @param client a service or the bridge, with its own login if it has one; default: the platform itself. */
  broker(client?: string): Live<BrokerAddress>;
  /** Of the management API. */
  brokerTls(): ClientTls | undefined;
  temporal(): Live<TemporalAccess>;
}

/** Everything follows the files in which secrets and certificates are. */
export function createAddresses(
  config: PlatformConfig,
  { live, reloader }: { live: LiveSettings<PlatformConfig>; reloader: Pick<Reloader, 'follow'> },
): Addresses {
  const followed = new Map<TlsSystem, Live<ClientTls | undefined>>();

  function tlsOf(system: TlsSystem): Live<ClientTls | undefined> {
    const known = followed.get(system) ?? (hasTlsFiles(config, system) ? follow(system) : fixed(undefined));
    followed.set(system, known);
    return known;
  }

  function follow(system: TlsSystem): Live<ClientTls | undefined> {
    const files = tlsFilesOf(config, system);
    const names = tlsNames(system);
    return reloader.follow<ClientTls | undefined>({
      name: `${system}_TLS_…`,
      read: () => JSON.stringify(readTls(files, system)),
      parse: (content) => clientTls(JSON.parse(content) as TlsIdentity, names),
    });
  }

  const databaseAt: Addresses['databaseAt'] = (url) =>
    combined(url, tlsOf('POSTGRES'), (at, tls) => ({ url: at, tls }));

  function ifConfigured(url: Live<string | undefined>): Live<DatabaseAddress> | undefined {
    return url.current() === undefined ? undefined : databaseAt(url as Live<string>);
  }

  return {
    databaseAt,
    database: (name) => ifConfigured(live(variableOf(name, 'DATABASE_URL'))),
    databaseOwner: (name) => ifConfigured(live(variableOf(name, 'DATABASE_OWNER_URL'))),
    broker(client) {
      const login = client === undefined ? fixed(undefined) : live(variableOf(client, 'RABBITMQ_LOGIN'));
      const url = combined(live('RABBITMQ_URL'), login, withLogin);
      return combined(url, tlsOf('RABBITMQ'), (at, tls) => ({ url: at, tls }));
    },
    brokerTls: () => tlsOf('RABBITMQ').current(),
    temporal: () => temporalAccess(config, tlsOf('TEMPORAL'), live('TEMPORAL_API_KEY')),
  };
}

/** @throws Error with every problem of the files. */
function readTls(files: TlsFiles, system: TlsSystem): TlsIdentity {
  const { identity, problems } = readTlsFiles(files, tlsNames(system), new Date());
  if (problems.length > 0) throw new Error(problems.join('; '));
  return identity;
}

function temporalAccess(
  config: PlatformConfig,
  tls: Live<ClientTls | undefined>,
  apiKey: Live<string | undefined>,
): Live<TemporalAccess> {
  const serverName = config.TEMPORAL_TLS_SERVER_NAME;
  const byDefault = tls.current() !== undefined || apiKey.current() !== undefined || serverName !== undefined;
  const isEncrypted = config.TEMPORAL_TLS ?? byDefault;
  const plain = clientTls({}, tlsNames('TEMPORAL'));
  /** One object for one set of certificates: connections are replaced when it is another. */
  const named = new WeakMap<ClientTls, TemporalAccess['tls'] & object>();
  const withName = (one: ClientTls) => {
    const known = named.get(one) ?? { ...one, serverName };
    named.set(one, known);
    return known;
  };
  return combined(tls, apiKey, (certificates, key) => ({
    tls: isEncrypted ? withName(certificates ?? plain) : undefined,
    apiKey: key,
  }));
}

function withLogin(amqpUrl: string, login: string | undefined): string {
  if (login === undefined) return amqpUrl;
  const url = new URL(amqpUrl);
  const end = login.indexOf(':');
  url.username = encodeURIComponent(login.slice(0, end));
  url.password = encodeURIComponent(login.slice(end + 1));
  return url.href;
}

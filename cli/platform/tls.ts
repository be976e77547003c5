import { fixed, type Live } from '../../lib/config/live';
import { secretIn } from '../../lib/config/secret-files';
import type { TemporalAccess } from '../../lib/temporal/access';
import { clientTls, tlsNames, type ClientTls } from '../../lib/tls/client-tls';
import { readTlsFiles } from '../../lib/tls/tls-files';

/**
 * The TLS of a system's connections, as its settings say (`RABBITMQ_TLS_CA_FILE`, …); undefined without them.
 * @throws Error, in sentences, when the files cannot be used.
 */
export function tlsIn(env: NodeJS.ProcessEnv, system: 'POSTGRES' | 'RABBITMQ' | 'TEMPORAL'): ClientTls | undefined {
  const names = tlsNames(system);
  const files = {
    ca: env[names.ca] || undefined,
    cert: env[names.cert] || undefined,
    key: env[names.key] || undefined,
  };
  if (Object.values(files).every((file) => file === undefined)) return undefined;
  const { identity, problems } = readTlsFiles(files, names, new Date());
  if (problems.length > 0) throw new Error(problems.join('; '));
  return clientTls(identity, names);
}

/** TLS and API key of Temporal. @throws Error likewise. */
export function temporalAccessIn(env: NodeJS.ProcessEnv): Live<TemporalAccess> {
  const [certificates, apiKey] = [tlsIn(env, 'TEMPORAL'), secretIn(env, 'TEMPORAL_API_KEY')];
  const serverName = env['TEMPORAL_TLS_SERVER_NAME'] || undefined;
  const isEncrypted = env['TEMPORAL_TLS'] === 'true' || Boolean(certificates ?? apiKey ?? serverName);
  const tls = { ...(certificates ?? clientTls({}, tlsNames('TEMPORAL'))), serverName };
  return fixed({ ...(isEncrypted ? { tls } : {}), apiKey });
}

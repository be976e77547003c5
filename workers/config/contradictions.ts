import { tlsNames } from '../../lib/tls/client-tls';
import { readTlsFiles, type TlsFiles } from '../../lib/tls/tls-files';
import type { PlatformConfig } from './config';

/** The systems whose connections may be encrypted. */
export type TlsSystem = 'POSTGRES' | 'RABBITMQ' | 'TEMPORAL';

/** The files of a system's TLS. */
export const tlsFilesOf = (config: PlatformConfig, system: TlsSystem): TlsFiles => ({
  ca: config[`${system}_TLS_CA_FILE`],
  cert: config[`${system}_TLS_CERT_FILE`],
  key: config[`${system}_TLS_KEY_FILE`],
});

/** Whether any file of a system's TLS is set. */
export const hasTlsFiles = (config: PlatformConfig, system: TlsSystem): boolean =>
  Object.values(tlsFilesOf(config, system)).some((file) => file !== undefined);

/**
 * What contradicts itself in settings that are valid one by one, and what is wrong with the files of TLS: one sentence
 * each, which names the settings.
 */
export function contradictionsIn(config: PlatformConfig, now: Date): string[] {
  const systems: TlsSystem[] = ['POSTGRES', 'RABBITMQ', 'TEMPORAL'];
  return [
    ...systems.flatMap((system) => readTlsFiles(tlsFilesOf(config, system), tlsNames(system), now).problems),
    ...ofPostgres(config, now),
    ...ofRabbitmq(config),
    ...ofTemporal(config),
  ];
}

/** Parameters of a database URL that name files. */
const filesOfUrl = { ca: 'sslrootcert', cert: 'sslcert', key: 'sslkey' } as const;
const unverified = ['disable', 'no-verify'];

function ofPostgres(config: PlatformConfig, now: Date): string[] {
  const urls = Object.entries(config).filter(([name]) => name.endsWith('DATABASE_URL'));
  return urls.flatMap(([name, url]) =>
    typeof url === 'string' ? ofDatabaseUrl(name, new URL(url), hasTlsFiles(config, 'POSTGRES'), now) : [],
  );
}

function ofDatabaseUrl(name: string, { searchParams }: URL, hasFiles: boolean, now: Date): string[] {
  const names = mapFiles((parameter) => `${name} (${parameter})`);
  const files = mapFiles((parameter) => searchParams.get(parameter) ?? undefined);
  const mode = searchParams.get('sslmode') ?? '';
  if (!hasFiles) return readTlsFiles(files, names, now).problems;
  const named = Object.values(filesOfUrl).filter((parameter) => searchParams.has(parameter));
  return [
    ...(unverified.includes(mode) ? [`${name}: says sslmode=${mode}, but POSTGRES_TLS_… files are set`] : []),
    ...named.map((parameter) => `${name}: says ${parameter}, but POSTGRES_TLS_… files are set; name files once`),
  ];
}

const mapFiles = <T>(map: (parameter: string) => T): Record<keyof typeof filesOfUrl, T> => ({
  ca: map(filesOfUrl.ca),
  cert: map(filesOfUrl.cert),
  key: map(filesOfUrl.key),
});

function ofRabbitmq(config: PlatformConfig): string[] {
  const isPlain = new URL(config.RABBITMQ_URL).protocol !== 'amqps:';
  if (!hasTlsFiles(config, 'RABBITMQ') || !isPlain) return [];
  return ['RABBITMQ_URL: must begin with amqps: because RABBITMQ_TLS_… files are set'];
}

function ofTemporal(config: PlatformConfig): string[] {
  if (config.TEMPORAL_TLS !== false) return [];
  const needing = ['TEMPORAL_TLS_SERVER_NAME', 'TEMPORAL_API_KEY'] as const;
  const set = [
    ...(hasTlsFiles(config, 'TEMPORAL') ? ['TEMPORAL_TLS_… files'] : []),
    ...needing.filter((name) => config[name] !== undefined),
  ];
  return set.length === 0 ? [] : [`TEMPORAL_TLS: is false, but TLS is required by ${set.join(' and ')}`];
}

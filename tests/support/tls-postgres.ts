import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { freePort } from '../../infra/local/ports';
import { initialisePostgres } from '../../infra/local/native/postgres';
import { postgresHome, removePostgresHome } from '../../infra/local/native/postgres-home';
import type { Certificate } from '../lib-support/certificates';
import { eventually } from '../lib-support/eventually';

/** A PostgreSQL server of its own that takes TLS connections only, from clients with a certificate. */
export interface TlsPostgres {
  /** Of its administrator, without anything about TLS. */
  url: string;
  /** Identifies itself by another certificate from the next connection on. */
  use(certificate: Certificate): Promise<void>;
  stop(): Promise<void>;
}

/** @param authority in PEM, of the clients' certificates. */
export async function startTlsPostgres({
  authority,
  ...first
}: Certificate & { authority: string }): Promise<TlsPostgres> {
  const directory = mkdtempSync(join(tmpdir(), 'sagaworks-tls-postgres-'));
  chmodSync(directory, 0o755); // PostgreSQL may have to run as another user.
  const home = postgresHome(directory);
  const password = 'a password of the test';
  await initialisePostgres(home, password);
  const port = await freePort();
  const folder = dirname(home.data);

  /** Files that PostgreSQL reads, as whoever it runs as. */
  const write = (name: string, content: string): string => {
    const file = join(folder, name);
    writeFileSync(file, content, { mode: 0o600 });
    if (home.as.uid !== undefined && home.as.gid !== undefined) chownSync(file, home.as.uid, home.as.gid);
    return file;
  };
  const identify = ({ cert, key }: Certificate): { cert: string; key: string } => ({
    cert: write('server.crt', cert),
    key: write('server.key', key),
  });
  const { cert, key } = identify(first);
  const access = write('pg_hba.conf', 'hostssl all all 127.0.0.1/32 scram-sha-256 clientcert=verify-ca\n');
  const settings = [
    ...['listen_addresses=127.0.0.1', `port=${port}`, 'unix_socket_directories=', 'fsync=off'],
    ...['ssl=on', `ssl_cert_file=${cert}`, `ssl_key_file=${key}`, `ssl_ca_file=${write('clients.crt', authority)}`],
    `hba_file=${access}`,
  ];
  const args = ['-D', home.data, ...settings.flatMap((setting) => ['-c', setting])];
  const server = spawn(join(home.bin, 'postgres'), args, { ...home.as, stdio: 'ignore' });
  const ended = once(server, 'exit');
  const url = `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
  await eventually(() => mustAnswer(url));
  return {
    url,
    use: (certificate) => {
      identify(certificate);
      server.kill('SIGHUP'); // It reads its certificate again.
      return Promise.resolve();
    },
    stop: async () => {
      server.kill('SIGINT');
      await ended;
      removePostgresHome(directory);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** A refusal, because the connection is not encrypted, is an answer. */
async function mustAnswer(connectionString: string): Promise<void> {
  const client = new Client({ connectionString });
  const refused = await client.connect().then(
    () => client.end(),
    (error: unknown) => error,
  );
  if ((refused as { code?: string } | undefined)?.code !== '28000') throw refused as Error;
}

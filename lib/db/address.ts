import { accessSync, constants } from 'node:fs';
import type { ClientConfig } from 'pg';
import { fixed, type Live } from '../config/live';
import { isError } from '../errors/is-error';
import type { ClientTls } from '../tls/client-tls';
import { explainTls } from '../tls/explain';

/** Where a database is, how to log in, and how to recognise the server. */
export interface DatabaseAddress {
  url: string;
  /** Without it, the URL decides about TLS (`sslmode`, `sslrootcert`, `sslcert`, `sslkey`). */
  tls?: ClientTls | undefined;
}

/** The URL of a database; or its address, where that may change while the process runs. */
export type DatabaseUrl = string | Live<DatabaseAddress>;

export const addressOf = (url: DatabaseUrl): Live<DatabaseAddress> => (typeof url === 'string' ? fixed({ url }) : url);

/** The parameters of a URL for TLS, as `pg` reads them. */
const ofUrl = { ca: 'sslrootcert', cert: 'sslcert', key: 'sslkey' };

/** The options of a connection to this address. @throws when a file that the URL names cannot be read. */
export function connectionTo({ url, tls }: DatabaseAddress): ClientConfig {
  const address = new URL(url);
  for (const parameter of Object.values(ofUrl)) {
    const file = address.searchParams.get(parameter);
    if (file !== null) accessSync(file, constants.R_OK);
  }
  if (!tls) return { connectionString: url };
  // `pg` takes the options of the URL, if it has any, instead of ours.
  address.searchParams.delete('sslmode');
  return { connectionString: address.href, ssl: { ...tls.options } };
}

/** Adds the reason to an error, if it is about TLS: the message of OpenSSL names neither the setting nor the cure. */
export function explainRefusal(error: unknown, { url, tls }: DatabaseAddress): void {
  if (!isError(error)) return;
  const parameters = new URL(url).searchParams;
  const given = Object.entries(ofUrl).flatMap(([kind, parameter]) =>
    parameters.has(parameter) ? [[kind, parameter]] : [],
  );
  const reason = explainTls(error, tls ?? { options: Object.fromEntries(given) as object, names: ofUrl });
  if (reason !== undefined) error.message = `PostgreSQL at ${hostOf(url)}: ${reason} (${error.message})`;
}

const hostOf = (url: string): string => new URL(url).host;

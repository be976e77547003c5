import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { TlsIdentity, TlsNames } from './client-tls';

/** The files of a TLS client, as paths; each is optional. */
export interface TlsFiles {
  ca?: string | undefined;
  cert?: string | undefined;
  key?: string | undefined;
}

/** What the files contain, unless there are problems: sentences that name the setting and what is wrong with it. */
export interface TlsContents {
  identity: TlsIdentity;
  problems: string[];
}

/**
 * Reads and verifies the files of a TLS client: readable, PEM, the key belongs to the certificate, the certificate has
 * not expired.
 * @param names the settings that name the files, for the sentences.
 */
export function readTlsFiles(files: TlsFiles, names: TlsNames, now: Date): TlsContents {
  const problems: string[] = [];
  const read = (kind: keyof TlsFiles): string | undefined => {
    const file = files[kind];
    if (file === undefined) return undefined;
    try {
      return readFileSync(file, 'utf8');
    } catch (error) {
      problems.push(`${names[kind]}: ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
      return undefined;
    }
  };
  const identity = { ca: read('ca'), cert: read('cert'), key: read('key') };
  if (files.cert !== undefined && files.key === undefined) problems.push(`${names.cert} is set without ${names.key}`);
  if (files.key !== undefined && files.cert === undefined) problems.push(`${names.key} is set without ${names.cert}`);
  return { identity, problems: [...problems, ...problemsOf(identity, names, now)] };
}

function problemsOf({ ca, cert, key }: TlsIdentity, names: TlsNames, now: Date): string[] {
  const problems: string[] = [];
  if (ca !== undefined && !parsed(() => new X509Certificate(ca)))
    problems.push(`${names.ca}: the file contains no certificate in PEM`);
  const own = cert === undefined ? undefined : parsed(() => new X509Certificate(cert));
  if (cert !== undefined && !own) problems.push(`${names.cert}: the file contains no certificate in PEM`);
  if (own && own.validToDate < now)
    problems.push(`${names.cert}: the certificate expired on ${own.validToDate.toISOString()}`);
  const secret = key === undefined ? undefined : parsed(() => createPrivateKey(key));
  if (key !== undefined && !secret) problems.push(`${names.key}: the file contains no private key in PEM`);
  if (own && secret && !own.checkPrivateKey(secret))
    problems.push(`${names.key}: the key does not belong to the certificate in ${names.cert}`);
  return problems;
}

/** Undefined when it cannot be parsed: OpenSSL's reasons do not help. */
function parsed<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}

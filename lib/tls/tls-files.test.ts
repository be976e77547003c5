import { afterAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthority, writeFiles } from '../../tests/lib-support/certificates';
import { tlsNames } from './client-tls';
import { readTlsFiles, type TlsFiles } from './tls-files';

const folder = mkdtempSync(join(tmpdir(), 'tls-'));
afterAll(() => rmSync(folder, { recursive: true }));

const authority = createAuthority('an authority');
const [good, other, expired] = [authority.sign(), authority.sign({ ownKey: true }), authority.sign({ expired: true })];
const files = writeFiles(folder, {
  ca: authority.cert,
  cert: good.cert,
  key: good.key,
  otherKey: other.key,
  expiredCert: expired.cert,
  expiredKey: expired.key,
  text: 'no certificate',
});
const missing = join(folder, 'missing');

test('good files are read', () => {
  expect(readTlsFiles(files, tlsNames('POSTGRES'), new Date())).toEqual({
    identity: { ca: authority.cert, cert: good.cert, key: good.key },
    problems: [],
  });
});

test.each<[string, TlsFiles, string]>([
  ['a missing file', { ca: missing }, `POSTGRES_TLS_CA_FILE: ${missing} cannot be read (ENOENT)`],
  ['no certificate', { ca: files.text }, 'POSTGRES_TLS_CA_FILE: the file contains no certificate in PEM'],
  [
    'a certificate without its key',
    { cert: files.cert },
    'POSTGRES_TLS_CERT_FILE is set without POSTGRES_TLS_KEY_FILE',
  ],
  ['a key without its certificate', { key: files.key }, 'POSTGRES_TLS_KEY_FILE is set without POSTGRES_TLS_CERT_FILE'],
  [
    'the key of another certificate',
    { cert: files.cert, key: files.otherKey },
    'POSTGRES_TLS_KEY_FILE: the key does not belong to the certificate in POSTGRES_TLS_CERT_FILE',
  ],
  [
    'a certificate as a key',
    { cert: files.cert, key: files.cert },
    'POSTGRES_TLS_KEY_FILE: the file contains no private key in PEM',
  ],
])('%s is one problem that names the setting', (_, given, problem) => {
  expect(readTlsFiles(given, tlsNames('POSTGRES'), new Date()).problems).toEqual([problem]);
});

test('an expired certificate of our own is a problem that says since when', () => {
  const { problems } = readTlsFiles(
    { cert: files.expiredCert, key: files.expiredKey },
    tlsNames('RABBITMQ'),
    new Date(),
  );
  expect(problems).toEqual([expect.stringMatching(/^RABBITMQ_TLS_CERT_FILE: the certificate expired on 20/)]);
});

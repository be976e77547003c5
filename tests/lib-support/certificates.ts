import { constants, generateKeyPairSync, privateEncrypt, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { md, pki } from 'node-forge';

/** A certificate and its private key, in PEM. */
export interface Certificate {
  cert: string;
  key: string;
}

/** An authority that signs certificates for tests. */
export interface Authority extends Certificate {
  /**
   * @param name of a host or an address, or of a client; default: 127.0.0.1 and localhost.
   * @param ownKey makes a key for this certificate; default: they share one, because a key takes a second to make.
   */
  sign(options?: { name?: string; expired?: boolean; ownKey?: boolean }): Certificate;
}

const dayMs = 86_400_000;
let sharedKeys: Keys | undefined;

/** Creates an authority of its own. */
export function createAuthority(name: string): Authority {
  const own = makeKeys();
  const cert = makeCertificate({
    subject: name,
    issuer: name,
    signWith: own.pem,
    of: own,
    isAuthority: true,
  });
  return {
    cert,
    key: own.pem,
    sign: ({ name: subject, expired = false, ownKey = false } = {}) => {
      const keys = ownKey ? makeKeys() : (sharedKeys ??= makeKeys());
      const hosts = subject === undefined ? ['127.0.0.1', 'localhost'] : [subject];
      const options = {
        subject: hosts[0] ?? '',
        issuer: name,
        signWith: own.pem,
        of: keys,
        hosts,
        expired,
      };
      return { cert: makeCertificate(options), key: keys.pem };
    },
  };
}

interface Keys {
  /** The private key. */
  pem: string;
  publicKey: pki.rsa.PublicKey;
}

function makeKeys(): Keys {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return { pem: privateKey, publicKey: pki.publicKeyFromPem(publicKey) };
}

/** What ASN.1 says of a SHA-256 digest (RFC 8017, 9.2). */
const sha256Prefix = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/** A key that signs with Node's own RSA: that of node-forge takes seconds in Jest. */
const signingKey = (pem: string): pki.rsa.PrivateKey => {
  const sign = (digest: md.MessageDigest): string => {
    const hashed = Buffer.from(digest.digest().getBytes(), 'latin1');
    const padded = { key: pem, padding: constants.RSA_PKCS1_PADDING };
    return privateEncrypt(padded, Buffer.concat([sha256Prefix, hashed])).toString('latin1');
  };
  // Certificates only ask it to sign.
  return { sign } as unknown as pki.rsa.PrivateKey;
};

function makeCertificate(options: {
  subject: string;
  issuer: string;
  signWith: string;
  of: Keys;
  hosts?: string[];
  isAuthority?: boolean;
  expired?: boolean;
}): string {
  const { subject, issuer, signWith, of, hosts = [], isAuthority = false, expired = false } = options;
  const certificate = pki.createCertificate();
  certificate.publicKey = of.publicKey;
  certificate.serialNumber = `01${randomBytes(8).toString('hex')}`;
  certificate.validity.notBefore = new Date(Date.now() - 2 * dayMs);
  certificate.validity.notAfter = new Date(Date.now() + (expired ? -dayMs : dayMs));
  certificate.setSubject([{ name: 'commonName', value: subject }]);
  certificate.setIssuer([{ name: 'commonName', value: issuer }]);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: isAuthority, critical: true },
    isAuthority
      ? { name: 'keyUsage', keyCertSign: true, critical: true }
      : { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
    ...(isAuthority ? [] : [{ name: 'extKeyUsage', serverAuth: true, clientAuth: true }]),
    ...(hosts.length > 0 ? [{ name: 'subjectAltName', altNames: hosts.map(toAltName) }] : []),
  ]);
  certificate.sign(signingKey(signWith), md.sha256.create());
  return pki.certificateToPem(certificate);
}

/** The numbers are those of RFC 5280: 2 a name, 7 an address. */
const toAltName = (host: string) => (/^[\d.]+$/.test(host) ? { type: 7, ip: host } : { type: 2, value: host });

/** Writes files into a folder, which only their owner can read; returns their paths. */
export function writeFiles<Name extends string>(folder: string, contents: Record<Name, string>): Record<Name, string> {
  mkdirSync(folder, { recursive: true });
  const written = Object.entries<string>(contents).map(([name, content]) => {
    const file = join(folder, name);
    writeFileSync(file, content, { mode: 0o600 });
    return [name, file];
  });
  return Object.fromEntries(written) as Record<Name, string>;
}

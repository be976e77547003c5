import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import type { JsonWebKey, KeyObject } from 'node:crypto';
import type { JWK } from 'jose';
import { z } from 'zod';

/** The algorithms of signatures that are accepted: asymmetric ones only, so that whoever verifies cannot sign. */
export const algorithms = ['ES256', 'RS256', 'PS256', 'EdDSA'] as const;
export type Algorithm = (typeof algorithms)[number];

/** A key of the built-in issuer. */
export interface TokenKey {
  kid: string;
  algorithm: Algorithm;
  /** Absent when the process may only verify. */
  privateKey?: KeyObject;
  /** As `/.well-known/jwks.json` publishes it. */
  publicJwk: JWK;
}

/** What a JWK may say of itself besides the key. */
interface Named {
  kid?: unknown;
  alg?: unknown;
}

const usage =
  'must be keys as JWK, an array or set of JWKs, or PEM: P-256, Ed25519, or RSA from 2048 bits; the first private key signs';

/** The keys of `TOKEN_SIGNING_KEYS`: the first private one signs, all of them verify. Public keys only verify. */
export const tokenKeys = z.string().transform((text, context): TokenKey[] => {
  try {
    return parseTokenKeys(text);
  } catch {
    // The cause could quote a private key.
    context.addIssue({ code: 'custom', message: usage });
    return z.NEVER;
  }
});

/** A new private key, as a JWK. */
export const newTokenKey = (): JsonWebKey =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });

/** @throws when one of them is no such key, when there is none, and when two have one `kid`. */
function parseTokenKeys(text: string): TokenKey[] {
  const isPem = text.trimStart().startsWith('-----BEGIN');
  const keys = isPem ? pemBlocks(text).map((pem) => keyOf(pem)) : jwksOf(text).map((jwk) => keyOf(jwk, jwk));
  if (keys.length === 0) throw new Error('There is no key');
  if (new Set(keys.map(({ kid }) => kid)).size < keys.length) throw new Error('Two keys have the same kid');
  return keys;
}

const pemBlocks = (text: string): string[] =>
  text
    // In a variable, line ends are often written as \n.
    .replaceAll('\\n', '\n')
    .split(/(?<=-----END [A-Z ]{1,30}-----)/)
    .map((block) => block.trim())
    .filter((block) => block !== '');

const jwkObject = z.looseObject({ kty: z.enum(['EC', 'OKP', 'RSA']) });
const jwkTexts = z.union([
  z.looseObject({ keys: z.array(jwkObject) }).transform(({ keys }) => keys),
  z.array(jwkObject),
]);

function jwksOf(text: string): (JsonWebKey & Named)[] {
  const value: unknown = JSON.parse(text);
  return z.union([jwkTexts, jwkObject.transform((jwk) => [jwk])]).parse(value);
}

function keyOf(source: string | JsonWebKey, { kid, alg }: Named = {}): TokenKey {
  const privateKey = isPrivate(source)
    ? createPrivateKey(typeof source === 'string' ? source : { key: source, format: 'jwk' })
    : undefined;
  const publicKey = createPublicKey(
    privateKey ?? (typeof source === 'string' ? source : { key: source, format: 'jwk' }),
  );
  const algorithm = algorithmOf(publicKey, alg);
  const jwk = publicKey.export({ format: 'jwk' });
  const name = typeof kid === 'string' && kid !== '' ? kid : thumbprint(jwk);
  return {
    kid: name,
    algorithm,
    ...(privateKey ? { privateKey } : {}),
    publicJwk: { ...(jwk as JWK), kid: name, alg: algorithm, use: 'sig' },
  };
}

const isPrivate = (source: string | JsonWebKey): boolean =>
  typeof source === 'string' ? source.includes('PRIVATE KEY-----') : source['d'] !== undefined;

function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject, alg: unknown): Algorithm {
  const { namedCurve, modulusLength = 0 } = asymmetricKeyDetails ?? {};
  if (asymmetricKeyType === 'ec' && namedCurve === 'prime256v1') return 'ES256';
  if (asymmetricKeyType === 'ed25519') return 'EdDSA';
  if (asymmetricKeyType === 'rsa' && modulusLength >= 2048) return alg === 'PS256' ? 'PS256' : 'RS256';
  throw new Error(`A key of type ${asymmetricKeyType ?? 'unknown'} does not sign tokens here`);
}

/** RFC 7638: the hash of the members that make the key, by name. */
function thumbprint(jwk: JsonWebKey): string {
  const members = ['crv', 'e', 'kty', 'n', 'x', 'y'].flatMap((name) =>
    jwk[name as keyof JsonWebKey] === undefined ? [] : [[name, jwk[name as keyof JsonWebKey]]],
  );
  return createHash('sha256')
    .update(JSON.stringify(Object.fromEntries(members)))
    .digest('base64url');
}

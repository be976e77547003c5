import { createLocalJWKSet } from 'jose';
import { z } from 'zod';
import { fetchJson } from './fetch-json';

/** Where a provider publishes its keys. */
export interface ProviderAddress {
  issuer: string;
  /** Without it, the provider's discovery document says where they are. */
  jwksUrl?: string | undefined;
}

/** The keys of a provider as they are now. */
export type KeySet = ReturnType<typeof createLocalJWKSet>;

const limits = { timeoutMs: 3_000, maxBytes: 512 * 1024 };
const mostKeys = 100;

const discovery = z.object({ issuer: z.string(), jwks_uri: z.string().refine(isConfidential) });
const published = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(mostKeys) });

/** Whether nobody on the way can exchange what this address answers: TLS, or this machine. */
export function isConfidential(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:') return true;
  return url?.protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
}

/** Fetches the keys of a provider. @throws Error when there are none, or the answers are not what they must be. */
export async function fetchKeys({ issuer, jwksUrl }: ProviderAddress, timeoutMs = limits.timeoutMs): Promise<KeySet> {
  const within = { ...limits, timeoutMs };
  const { keys } = published.parse(await fetchJson(jwksUrl ?? (await discover(issuer, within)), within));
  // Only these verify tokens; a shared secret in a published set is no secret.
  const usable = keys.filter(({ kty }) => ['EC', 'OKP', 'RSA'].includes(kty));
  if (usable.length === 0) throw new Error('It publishes no key that verifies tokens');
  return createLocalJWKSet({ keys: usable });
}

/** OpenID Connect Discovery 1.0. */
async function discover(issuer: string, within: typeof limits): Promise<string> {
  const document = await fetchJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, within);
  const found = discovery.parse(document);
  if (found.issuer !== issuer) throw new Error(`It calls itself ${found.issuer}`);
  return found.jwks_uri;
}

import { z } from 'zod';
import { roles } from '../../contracts/http/roles';
import { secret } from '../../lib/config/secret';
import { isConfidential } from '../../lib/http/identity/provider-keys';
import { algorithms, tokenKeys } from '../../lib/http/identity/token-keys';
import { defaultClockSkewSeconds } from '../../lib/http/identity/verifier';

const knownRole = z
  .string()
  .refine((name) => Object.hasOwn(roles, name), `must be one of ${Object.keys(roles).join(', ')}`);
const claim = z.string().min(1).max(255);
const address = z.string().refine(isConfidential, 'must be an https address');

/** A provider whose tokens are accepted (docs/how-to/use-your-identity-provider.md). */
const provider = z.strictObject({
  issuer: address,
  audience: claim,
  jwksUrl: address.optional(),
  types: z.array(z.string().toLowerCase()).min(1).default(['at+jwt']),
  algorithms: z
    .array(z.enum(algorithms))
    .min(1)
    .default([...algorithms]),
  userClaim: claim.default('sub'),
  userIds: z.enum(['uuid', 'derived']).default('uuid'),
  roleClaim: claim.default('role'),
  roles: z.record(z.string(), knownRole).optional(),
  defaultRole: knownRole.optional(),
  scopeClaim: claim.optional(),
});
export type ProviderSettings = z.infer<typeof provider>;

const providers = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: 'custom', message: 'must be JSON: an array of providers' });
      return z.NEVER;
    }
  })
  .pipe(z.array(provider))
  .refine((all) => new Set(all.map(({ issuer }) => issuer)).size === all.length, 'names an issuer twice')
  .default([]);

/** The variables that say whose tokens are accepted. */
export const identitySettings = {
  /** The keys of the built-in issuer; without them, it is off. Whoever has a private one can sign tokens. */
  TOKEN_SIGNING_KEYS: secret(tokenKeys).optional(),
  /** The claim `iss` of the tokens of the built-in issuer. */
  TOKEN_ISSUER: claim.default('sagaworks'),
  /** The claim `aud` of the tokens of the built-in issuer. */
  TOKEN_AUDIENCE: claim.default('sagaworks'),
  /** The identity providers whose tokens are accepted, as JSON (docs/how-to/use-your-identity-provider.md). */
  OIDC_PROVIDERS: providers,
  /** The database of the users, with the API keys; not needed where the users are served. Without it, keys are refused. */
  API_KEYS_DATABASE_URL: secret(z.url()).optional(),
  /** How far the clocks of issuers may be from this one. */
  TOKEN_CLOCK_SKEW_SECONDS: z.coerce.number().int().min(0).max(300).default(defaultClockSkewSeconds),
};

import type { Context as HonoContext } from 'hono';
import type { Context } from '../telemetry/context';
import type { TrustedProxies } from './client-address';
import type { Product } from './product';
import type { StreamLimit } from './limits/streams';
import type { Bearer } from './identity/bearer';
import type { DecisionLog } from './identity/decisions';
import type { TokenVerifier } from './identity/verifier';
import type { Revocations } from './revocation/revocations';

/** The variables in the context of every handler. */
export interface AppEnv {
  Variables: {
    tokens: TokenVerifier;
    revocations: Revocations;
    product: Product;
    streams: StreamLimit;
    /** The proxies that are believed about their clients. */
    trustedProxies: TrustedProxies;
    /** The telemetry context of the request: correlation, trace, actor. */
    context: Context;
    decisions: DecisionLog;
    /** Set by the middleware of authentication. A stream must not outlive it; the actor: `actor(c)`. */
    bearer?: Bearer;
    /** Set with the bearer: whether it has been revoked since. A stream must not outlive that either. */
    isRevoked?: () => boolean;
  };
}

export type AppContext = HonoContext<AppEnv>;

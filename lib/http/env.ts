import type { Context as HonoContext } from 'hono';
import type { Context } from '../telemetry/context';
import type { Product } from './product';
import type { StreamLimit } from './limits/streams';
import type { Revocations } from './revocation/revocations';
import type { Actor, Tokens } from './tokens';

/** The variables in the context of every handler. */
export interface AppEnv {
  Variables: {
    tokens: Tokens;
    revocations: Revocations;
    product: Product;
    streams: StreamLimit;
    /** The telemetry context of the request: correlation, trace, actor. */
    context: Context;
    /** Set by `authenticated` and `operatorOnly`; read it with `actor(c)`. */
    actor?: Actor;
    /** Set with the actor: when the token expires, in milliseconds since 1970. A stream must not outlive it. */
    expiresAt?: number;
    /** Set with the actor: whether the token has been revoked since. A stream must not outlive that either. */
    isRevoked?: () => boolean;
  };
}

export type AppContext = HonoContext<AppEnv>;

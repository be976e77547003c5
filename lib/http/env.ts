import type { Context as HonoContext } from 'hono';
import type { Context } from '../telemetry/context';
import type { TrustedProxies } from './client-address';
import type { Product } from './product';
import type { StreamLimit } from './limits/streams';
import type { Actor, Tokens } from './tokens';

/** The variables in the context of every handler. */
export interface AppEnv {
  Variables: {
    tokens: Tokens;
    product: Product;
    streams: StreamLimit;
    /** The proxies that are believed about their clients. */
    trustedProxies: TrustedProxies;
    /** The telemetry context of the request: correlation, trace, actor. */
    context: Context;
    /** Set by `authenticated` and `operatorOnly`; read it with `actor(c)`. */
    actor?: Actor;
    /** Set with the actor: when the token expires, in milliseconds since 1970. A stream must not outlive it. */
    expiresAt?: number;
  };
}

export type AppContext = HonoContext<AppEnv>;

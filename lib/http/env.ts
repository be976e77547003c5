import type { Context as HonoContext } from 'hono';
import type { Context } from '../telemetry/context';
import type { Product } from './product';
import type { StreamLimit } from './limits/streams';
import type { Bearer } from './identity/bearer';
import type { DecisionLog } from './identity/decisions';
import type { TokenVerifier } from './identity/verifier';

/** The variables in the context of every handler. */
export interface AppEnv {
  Variables: {
    tokens: TokenVerifier;
    product: Product;
    streams: StreamLimit;
    /** The telemetry context of the request: correlation, trace, actor. */
    context: Context;
    decisions: DecisionLog;
    /** Set by the middleware of authentication. A stream must not outlive it; the actor: `actor(c)`. */
    bearer?: Bearer;
  };
}

export type AppContext = HonoContext<AppEnv>;

import type { Context as HonoContext } from 'hono';
import type { Context } from '../telemetry/context';
import type { Actor, Tokens } from './tokens';

/** What every handler finds in its context. */
export interface AppEnv {
  Variables: {
    tokens: Tokens;
    /** The telemetry context of the request: correlation, trace, actor. */
    context: Context;
    /** Set by `authenticated` and `operatorOnly`; read it with `actor(c)`. */
    actor?: Actor;
  };
}

export type AppContext = HonoContext<AppEnv>;

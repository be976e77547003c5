import { randomBytes } from 'node:crypto';

/** How long a code can be exchanged. */
export const codeLifetimeMs = 10 * 60_000;
const mostCodes = 1_000;

/** Codes that are exchanged for a token, once each, within ten minutes and by the process that made them. */
export interface SignInCodes {
  create(token: string): string;
  /** The token of a code; undefined when the code is unknown, used or too old. */
  redeem(code: string): string | undefined;
}

/** @param now in milliseconds since 1970 */
export function createSignInCodes(now: () => number = Date.now, random = randomCode): SignInCodes {
  const codes = new Map<string, { token: string; expiresAt: number }>();
  return {
    create(token) {
      const [oldest] = codes.keys();
      if (codes.size >= mostCodes && oldest !== undefined) codes.delete(oldest);
      const code = random();
      codes.set(code, { token, expiresAt: now() + codeLifetimeMs });
      return code;
    },
    redeem(code) {
      const found = codes.get(code);
      codes.delete(code);
      return found && now() < found.expiresAt ? found.token : undefined;
    },
  };
}

const randomCode = (): string => randomBytes(24).toString('base64url');

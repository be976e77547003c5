import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';

const name = 'console_session';

/** Browsers keep no cookie that is longer than 4,096 bytes, its name and attributes included. */
export const longestToken = 3_800;

/** Pages of other sites cannot set it: no origin is allowed to by CORS. */
const consoleHeader = 'x-console';

/**
 * The token of the console's session. It counts only in a request that a page of this origin has made, so that no other
 * site can act with it: browsers say so in `Sec-Fetch-Site`, and where they do not, over plain HTTP, the console sends a
 * header of its own.
 */
export const sessionToken = (c: Context): string | undefined => (isSameOrigin(c) ? getCookie(c, name) : undefined);

/** Whether a page of this origin has made the request. */
export function isSameOrigin(c: Context): boolean {
  const site = c.req.header('sec-fetch-site');
  return site === undefined ? c.req.header(consoleHeader) !== undefined : site === 'same-origin';
}

/** Keeps a token in the browser until `expiresAt`, in milliseconds since 1970; scripts cannot read it. */
export function keepSession(c: Context, token: string, expiresAt: number): void {
  setCookie(c, name, token, { ...attributes(c), expires: new Date(Math.min(expiresAt, Date.now() + aMonthMs)) });
}

export function endSession(c: Context): void {
  deleteCookie(c, name, attributes(c));
}

const aMonthMs = 30 * 24 * 60 * 60_000;

/** The browser knows whether it came by HTTPS; behind a proxy this process does not. */
const attributes = (c: Context) =>
  ({
    path: '/',
    httpOnly: true,
    sameSite: 'Strict',
    secure: c.req.header('origin')?.startsWith('https:') ?? false,
  }) as const;

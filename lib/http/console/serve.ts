import type { OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import { platformError } from '../../errors/errors';
import { authenticated, bearerOf, verifyBearer } from '../auth';
import type { AppContext, AppEnv } from '../env';
import type { Bearer } from '../identity/bearer';
import { codeLifetimeMs, createSignInCodes } from './codes';
import { endSession, isSameOrigin, keepSession, longestToken } from './cookie';
import { readConsoleFiles, type ConsoleFile } from './files';

/** No inline script or style, nothing from elsewhere, in no frame. */
const policy = [
  "default-src 'none'",
  ...["script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'"],
  ...["base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"],
].join('; ');

const signIn = z.union([z.strictObject({ code: z.string() }), z.strictObject({ token: z.string() })]);

/**
 * Serves the console below `/console`, from a folder that a build has filled, and its session: the token of a caller, in a
 * cookie. Every path without a file of its own is a page of the console.
 */
export function serveConsole(app: OpenAPIHono<AppEnv>, folder: string): void {
  serveSession(app);
  const files = readConsoleFiles(folder);
  const index = files.get('index.html');
  const page = (c: AppContext): Response => {
    if (!index) throw platformError('not-found', 'The console has not been built: npm start does that');
    return answerFile(c, index, 'no-cache');
  };
  app.get('/console', page);
  app.get('/console/assets/:name', (c) => {
    const file = files.get(`assets/${c.req.param('name')}`);
    if (!file) throw platformError('not-found', 'There is no such file: the console has been replaced, reload it');
    return answerFile(c, file, 'public, max-age=31536000, immutable');
  });
  app.get('/console/*', page);
}

function serveSession(app: OpenAPIHono<AppEnv>): void {
  const codes = createSignInCodes();
  app.post('/console/codes', authenticated, (c) =>
    c.json({ code: codes.create(bearerOf(c) ?? ''), expiresInSeconds: codeLifetimeMs / 1_000 }, 201),
  );
  app.get('/console/session', authenticated, (c) => c.json(describe(c.get('bearer'))));
  app.post('/console/session', async (c) => {
    if (!isSameOrigin(c)) throw platformError('forbidden', 'Only the console itself can start its session');
    // What is not JSON is refused below, as any other body that names no code and no token.
    const wanted = signIn.safeParse(await c.req.json().catch(() => undefined));
    if (!wanted.success) throw platformError('invalid-request', 'Send a code or a token');
    const token = 'code' in wanted.data ? codes.redeem(wanted.data.code) : wanted.data.token;
    if (token === undefined)
      throw platformError('unauthorized', 'The link has been used, or is older than ten minutes');
    if (token.length > longestToken) throw platformError('invalid-request', 'The token is too long for a cookie');
    const bearer = await verifyBearer(c, token);
    keepSession(c, token, bearer.expiresAt);
    return c.json(describe(bearer));
  });
  app.delete('/console/session', (c) => {
    if (isSameOrigin(c)) endSession(c);
    return c.body(null, 204);
  });
}

function describe(bearer: Bearer | undefined) {
  if (!bearer) throw platformError('unauthorized', 'There is no session');
  const { userId, role, scopes } = bearer.actor;
  return { userId, role, scopes: [...scopes], expiresAt: new Date(bearer.expiresAt).toISOString() };
}

function answerFile(c: AppContext, { type, plain, gzipped }: ConsoleFile, cacheControl: string): Response {
  const zipped = /\bgzip\b/.test(c.req.header('accept-encoding') ?? '');
  return c.body(zipped ? gzipped : plain, 200, {
    'content-type': type,
    'content-security-policy': policy,
    'cache-control': cacheControl,
    'referrer-policy': 'no-referrer',
    vary: 'Accept-Encoding',
    ...(zipped ? { 'content-encoding': 'gzip' } : {}),
  });
}

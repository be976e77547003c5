import { OpenAPIHono, type z } from '@hono/zod-openapi';
import type { AppEnv } from './env';
import { problemSchema } from './problem';
import { refuseInvalid } from './validation';

/** An empty set of routes; mount it on the app, or on other routes. */
export const createRoutes = (): OpenAPIHono<AppEnv> => new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });

/** A required JSON body: without `required`, a missing Content-Type would make it `{}`. */
export const jsonBody = <S extends z.ZodType>(schema: S) => ({
  required: true as const,
  content: { 'application/json': { schema } },
});

/** A response with a JSON body. */
export const jsonAnswer = <S extends z.ZodType>(schema: S, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});

/** The same, of a route that makes something and says where it is. */
export const createdAnswer = <S extends z.ZodType>(schema: S, description: string) => ({
  ...jsonAnswer(schema, description),
  headers: { Location: { description: 'The path of what was made', schema: { type: 'string' as const } } },
});

/** The error responses of a route, all of them problems (RFC 9457). */
export const problems = <const S extends readonly number[]>(...statuses: S) =>
  Object.fromEntries(statuses.map((status) => [status, refusal])) as Record<S[number], typeof refusal>;

const refusal = {
  description: 'Refused',
  content: { 'application/problem+json': { schema: problemSchema.openapi('Problem') } },
};

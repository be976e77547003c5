import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from 'zod';
import { classify } from '../errors/classify';
import { StepRefused } from '../saga/steps';
import { platformError, PlatformError } from '../errors/errors';
import type { AppContext } from './env';
import type { Product } from './product';

/** RFC 9457: the body of every error response, as application/problem+json. */
export const problemSchema = z.looseObject({
  type: z.url().describe('Stable; one for each code'),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  instance: z.string().describe('The path of the request'),
  code: z.string().describe('Stable, for programs'),
  field: z.string().optional().describe('The part of the request at fault, such as items[0].quantity'),
  errors: z.array(z.strictObject({ field: z.string(), message: z.string() })).optional(),
  correlationId: z.string(),
});
type Problem = z.infer<typeof problemSchema>;

/** The problem for an error. An unexpected error is `internal`, without its message. */
export function problemOf(
  error: unknown,
  { instance, correlationId, product }: { instance: string; correlationId: string; product: Pick<Product, 'problems'> },
): Problem {
  const known = expected(error);
  const { code, title, status } = classify(known ?? error);
  return {
    ...known?.details,
    type: `${product.problems}/${code}`,
    title,
    status,
    detail:
      known?.message ?? (status === 503 ? 'Try again in a moment' : 'Quote the correlation id when you report this'),
    instance,
    code,
    ...(known?.field === undefined ? {} : { field: known.field }),
    correlationId,
  };
}

/** Responds with the problem for an error. */
export function answerProblem(c: AppContext, error: unknown): Response {
  const problem = problemOf(error, {
    instance: c.req.path,
    correlationId: c.get('context').correlationId,
    product: c.get('product'),
  });
  const headers: Record<string, string> = { 'content-type': 'application/problem+json' };
  // HTTP requires a scheme with every 401; there is no registered one for signatures.
  if (problem.status === 401) headers['www-authenticate'] = problem.code === 'unauthorized' ? 'Bearer' : 'Signature';
  return c.body(JSON.stringify(problem), problem.status as ContentfulStatusCode, headers);
}

/** The platform's own errors, and those that Hono throws for a body that it cannot parse. */
function expected(error: unknown): PlatformError | undefined {
  if (error instanceof PlatformError) return error;
  if (error instanceof StepRefused) return new PlatformError(String(error.code), classify(error), error.message);
  if (!(error instanceof HTTPException)) return undefined;
  if (error.status === 415)
    return platformError('unsupported-media-type', 'Send JSON, with "Content-Type: application/json"');
  return error.status === 400 ? platformError('malformed-json', 'The body could not be parsed as JSON') : undefined;
}

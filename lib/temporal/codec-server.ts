import type { Payload, PayloadCodec } from '@temporalio/common';
import { OpenAPIHono } from '@hono/zod-openapi';
import { bodyLimit } from 'hono/body-limit';
import { cors } from 'hono/cors';
import { z } from 'zod';
import type { AppEnv } from '../http/env';
import { platformError } from '../errors/errors';
import { problemOf } from '../http/problem';
import type { Product } from '../http/product';
import { newContext } from '../telemetry/context';

/** Payloads as the Web UI and the temporal CLI send them: protobuf's JSON, bytes in base64. */
const message = z.object({
  payloads: z.array(z.object({ metadata: z.record(z.string(), z.base64()).optional(), data: z.base64().optional() })),
});

const maxBytes = 16 * 1024 * 1024;

/**
 * Decodes payloads for Temporal's Web UI and CLI: `POST /decode` and `/encode`, by their codec-server protocol. It
 * answers pages of the Web UI's origin only, and must listen on loopback only: it decrypts for everyone who can reach
 * it.
 */
export function createCodecServer(
  codec: PayloadCodec,
  { origin: webUiOrigin, product }: { origin: string; product: Product },
): OpenAPIHono<AppEnv> {
  const app = new OpenAPIHono<AppEnv>();
  app.onError((error, c) => {
    const problem = problemOf(error, { instance: c.req.path, correlationId: newContext().correlationId, product });
    return c.json(problem, problem.status as 400, { 'content-type': 'application/problem+json' });
  });
  app.use(cors({ origin: webUiOrigin, allowHeaders: ['content-type', 'x-namespace', 'authorization'] }));
  app.use(bodyLimit({ maxSize: maxBytes }));
  app.use(async (c, next) => {
    const origin = c.req.header('origin');
    if (origin !== undefined && origin !== webUiOrigin)
      throw platformError('forbidden', `Only pages of ${webUiOrigin} may use this server`);
    await next();
  });
  for (const operation of ['encode', 'decode'] as const) {
    app.post(`/${operation}`, async (c) => {
      const request = message.safeParse(await c.req.json().catch(() => undefined));
      if (!request.success) throw platformError('invalid-request', 'Send {"payloads": […]} as Temporal does');
      return c.json({ payloads: (await codec[operation](request.data.payloads.map(fromJson))).map(toJson) });
    });
  }
  return app;
}

type JsonPayload = z.infer<typeof message>['payloads'][number];

const fromJson = ({ metadata = {}, data = '' }: JsonPayload): Payload => ({
  metadata: mapValues(metadata, (text) => Buffer.from(text, 'base64')),
  data: Buffer.from(data, 'base64'),
});

const toJson = ({ metadata, data }: Payload): JsonPayload => ({
  metadata: mapValues(metadata ?? {}, (bytes) => Buffer.from(bytes).toString('base64')),
  data: Buffer.from(data ?? []).toString('base64'),
});

const mapValues = <From, To>(record: Record<string, From>, map: (value: From) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));

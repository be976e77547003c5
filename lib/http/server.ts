import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { platformError } from '../errors/errors';
import { newContext } from '../telemetry/context';
import type { AppEnv } from './env';
import { admitting, type AdmittingOptions } from './limits/admitting';
import { problemOf } from './problem';
import type { Product } from './product';

export interface RunningServer {
  port: number;
  /** Accepts no new connections, lets requests finish (streams for five seconds), then closes. */
  stop(): Promise<void>;
}

const defaultReceiveTimeoutMs = 10_000;

const receivingWithin = (ms: number) => ({
  headersTimeout: ms,
  requestTimeout: ms,
  connectionsCheckingInterval: Math.ceil(ms / 10),
});

export interface ServerOptions {
  port: number;
  host: string;
  product: Product;
  /** Limits concurrent requests; default: no limit. */
  overload?: Omit<AdmittingOptions, 'product'>;
  /** Concurrent connections; further ones are closed. */
  maxConnections?: number;
  /** A client that takes longer to send its request, or the head of it, is answered 408 and disconnected; default: 10 s. */
  receiveTimeoutMs?: number;
}

/** Starts listening; port 0 picks a free port. Rejects when the port is taken. */
export async function startServer(app: OpenAPIHono<AppEnv>, at: ServerOptions): Promise<RunningServer> {
  const listener = getRequestListener(app.fetch, { errorHandler: (error) => answerMalformed(error, at.product) });
  const answer = (request: IncomingMessage, response: ServerResponse): void => void listener(request, response);
  const { overload, product, receiveTimeoutMs = defaultReceiveTimeoutMs } = at;
  const receiving = receivingWithin(receiveTimeoutMs);
  const server = createServer(receiving, overload ? admitting(answer, { ...overload, product }) : answer);
  if (at.maxConnections !== undefined) server.maxConnections = at.maxConnections;
  server.listen(at.port, at.host);
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : at.port;
  return { port, stop: () => stopServer(server) };
}

/** Responds to requests that never reach the app: with a malformed target, or a missing or invalid host. */
function answerMalformed(error: unknown, product: Product): Response {
  const malformed = error instanceof Error && error.name === 'RequestError';
  const refusal = malformed ? platformError('invalid-request', `Malformed request: ${error.message}`) : error;
  const problem = problemOf(refusal, { instance: '/', correlationId: newContext().correlationId, product });
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { 'content-type': 'application/problem+json' },
  });
}

async function stopServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  // Idle keep-alive connections are closed as they become idle; streams still open after the grace period are cut.
  const idle = setInterval(() => server.closeIdleConnections(), 25);
  const grace = setTimeout(() => server.closeAllConnections(), 5_000);
  await closed.finally(() => {
    clearInterval(idle);
    clearTimeout(grace);
  });
}

import { request as httpsRequest } from 'node:https';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { ClientTls } from '../tls/client-tls';

export interface ManagementRequest {
  method: 'GET' | 'PUT' | 'DELETE';
  headers: Record<string, string>;
  body?: string;
}

export interface ManagementAnswer {
  status: number;
  text: string;
}

const timeoutMs = 10_000;

/** Sends a request. Node's `fetch` takes no certificates, so with TLS settings it goes over `node:https`. */
export async function sendRequest(url: string, request: ManagementRequest, tls?: ClientTls): Promise<ManagementAnswer> {
  if (tls && url.startsWith('https:')) return sendOverTls(url, request, tls);
  const answer = await fetch(url, { ...request, signal: AbortSignal.timeout(timeoutMs) });
  return { status: answer.status, text: await answer.text() };
}

async function sendOverTls(
  url: string,
  { body, ...head }: ManagementRequest,
  { options }: ClientTls,
): Promise<ManagementAnswer> {
  const sending = httpsRequest(url, { ...head, ...options, signal: AbortSignal.timeout(timeoutMs) });
  const answered = once(sending, 'response'); // Rejects with an error of the request.
  sending.end(body);
  const [answer] = (await answered) as [IncomingMessage];
  return { status: answer.statusCode ?? 0, text: await text(answer) };
}

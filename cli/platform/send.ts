import { CommandFailure } from '../failures';

/** What to send: a body makes it a POST of JSON. */
interface Request {
  headers: Record<string, string>;
  body?: string;
}

/** Sends a request. @returns the answer's JSON. @throws CommandFailure with one line for people, whatever went wrong. */
export async function send(url: string, path: string, { headers, body }: Request): Promise<unknown> {
  const method = body === undefined ? 'GET' : 'POST';
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  const request = { method, headers: { ...headers, ...type }, ...(body === undefined ? {} : { body }) };
  const response = await fetch(url + path, request).catch((error: unknown) => {
    throw new CommandFailure('unavailable', `${url} does not answer: ${reasonOf(error)}; is it running?`);
  });
  const answer = (await response.json().catch(() => ({}))) as { detail?: string };
  if (response.ok) return answer;
  const why = answer.detail ?? `${method} ${path} was answered with ${response.status}`;
  throw new CommandFailure(response.status === 503 ? 'unavailable' : 'failed', why);
}

/** `fetch` says only "fetch failed"; its cause says why. */
const reasonOf = (error: unknown): string => {
  const { cause, message } = error as Error;
  return cause instanceof Error ? cause.message : message;
};

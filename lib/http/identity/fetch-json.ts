/** Limits on what another system may answer. */
export interface FetchLimits {
  timeoutMs: number;
  maxBytes: number;
}

/**
 * Fetches a JSON document; redirects are not followed.
 * @throws Error when there is no answer in time, or it is not 200, too large, or not JSON.
 */
export async function fetchJson(url: string, { timeoutMs, maxBytes }: FetchLimits): Promise<unknown> {
  const response = await fetch(url, {
    headers: { accept: 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (response.status !== 200 || response.body === null) {
    await response.body?.cancel();
    throw new Error(`It answered ${response.status}`);
  }
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body as AsyncIterable<Uint8Array>) {
    size += part.byteLength;
    // Leaving the loop cancels the response.
    if (size > maxBytes) throw new Error(`Its answer is longer than ${maxBytes} bytes`);
    parts.push(part);
  }
  return JSON.parse(Buffer.concat(parts).toString());
}

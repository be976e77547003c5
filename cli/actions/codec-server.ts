import { product } from '../../contracts/product';
import { startServer } from '../../lib/http/server';
import { createPayloadCodec } from '../../lib/temporal/codec';
import { createCodecServer } from '../../lib/temporal/codec-server';
import { UsageError } from '../failures';
import { print, type OutputOptions } from '../output';
import { temporalAddress } from '../platform/temporal';

interface ServeOptions extends OutputOptions {
  port: number;
  webUi?: string;
}

export async function serve({ port, webUi, ...output }: ServeOptions): Promise<void> {
  const { payloadKeys, webUiUrl } = temporalAddress();
  if (!payloadKeys)
    throw new UsageError('No keys to decrypt with: set TEMPORAL_PAYLOAD_KEYS (docs/how-to/protect-personal-data.md)');
  const { origin } = new URL(webUi ?? webUiUrl);
  const codec = createCodecServer(createPayloadCodec(payloadKeys), { origin, product });
  const server = await startServer(codec, { port, host: '127.0.0.1', product });
  const url = `http://127.0.0.1:${server.port}`;
  print({ url, webUi: origin }, output, () => `Codec server for ${origin}: ${url}`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.stop());
}

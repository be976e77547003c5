import { parseArgs } from 'node:util';
import { product } from '../../contracts/product';
import { createPayloadCodec } from '../../lib/temporal/codec';
import { createCodecServer } from '../../lib/temporal/codec-server';
import { startServer } from '../../lib/http/server';
import { UsageError, type Command } from '../command';
import { temporalAddress } from '../temporal-address';

export const codecServer: Command = {
  usage: '[--port 8234] [--web-ui http://127.0.0.1:8233]',
  summary: 'Show your browser’s Temporal Web UI what TEMPORAL_PAYLOAD_KEYS encrypted, on loopback, until Ctrl-C',
  async run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: { port: { type: 'string', default: '8234' }, 'web-ui': { type: 'string' } },
    });
    const { payloadKeys, webUiUrl } = temporalAddress();
    if (!payloadKeys) {
      throw new UsageError('There are no keys: set TEMPORAL_PAYLOAD_KEYS (docs/how-to/protect-personal-data.md)');
    }
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new UsageError('--port must be a port');
    const origin = new URL(values['web-ui'] ?? webUiUrl).origin;
    const server = await startServer(createCodecServer(createPayloadCodec(payloadKeys), { origin, product }), {
      port,
      host: '127.0.0.1',
      product,
    });
    process.stdout.write(`Codec server for ${origin}: http://127.0.0.1:${server.port}\n`);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.stop());
  },
};

import { CliCommand } from '../cli-command';
import { actions } from '../actions/load';
import { wholeNumber } from '../options';

export const codecServer = (): CliCommand =>
  new CliCommand('codec-server', 'Decrypt payloads for the Temporal Web UI in your browser, until Ctrl-C')
    .option('--port <port>', 'the port to listen on, on loopback only', wholeNumber(0, 65_535), 8234)
    .option('--web-ui <url>', 'the address of the Web UI (default: that of the local stack)')
    .note('It needs the keys of the platform in TEMPORAL_PAYLOAD_KEYS.')
    .example('codec-server --web-ui https://temporal.example.com')
    .runs(() => actions.codecServer.serve);

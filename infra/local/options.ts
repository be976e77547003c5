import { parseArgs } from 'node:util';

/** What `npm start` was asked for. */
export interface StartOptions {
  /** Delete the data of earlier starts first. */
  fresh: boolean;
  /** Place the three sample orders, with their products. */
  withSamples: boolean;
}

export const startUsage = `Usage: npm start -- [--no-demo] [--fresh]

  --no-demo   leave out the three sample orders and their products
  --fresh     delete the data of earlier starts, and begin anew
  --help      show this

Environment
  PORT                                                       the API's port; 3000, or any free one when that is taken
  DATABASE_URL, RABBITMQ_URL, TEMPORAL_ADDRESS, SMTP_URL     servers of your own instead of started ones
  SAGAWORKS_STACK=docker|native                              with or without Docker; otherwise Docker when it answers
`;

/** Reads the arguments; `help` when that is asked for. @throws when there is an unknown one. */
export function readStartOptions(args: readonly string[]): StartOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      'no-demo': { type: 'boolean', default: false },
      fresh: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  return values.help ? 'help' : { fresh: values.fresh, withSamples: !values['no-demo'] };
}

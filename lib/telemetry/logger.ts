import pino from 'pino';
import { activeContext } from './context';
import { redact } from './redact';

export type Logger = pino.Logger;

/**
 * A logger of JSON lines, each with `service`, and with `correlationId` where there is a context. Personal data and
 * secrets are redacted. Lines are written to stdout in batches, within 200 ms, and flushed when the process exits.
 * @param level the lowest level that is written: `fatal` to `trace`, or `silent`.
 */
export function createLogger({
  name,
  level,
  destination = pino.destination({ dest: 1, sync: false, minLength: 4096, periodicFlush: 200 }),
}: {
  name: string;
  level: string;
  destination?: pino.DestinationStream;
}): Logger {
  return pino(
    {
      level,
      base: { service: name },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      mixin: () => {
        const context = activeContext();
        return context ? { correlationId: context.correlationId } : {};
      },
      hooks: { streamWrite: redact },
    },
    destination,
  );
}

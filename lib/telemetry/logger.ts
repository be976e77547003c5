import pino from 'pino';
import { activeContext } from './context';
import { redact } from './redact';

export type Logger = pino.Logger;

/**
 * A logger of JSON lines: `service` says who, `correlationId` on whose behalf. Nothing personal or secret comes out.
 * Lines go to stdout many at a time, within 200 ms, and are flushed when the process exits or crashes.
 * @param level what is written: `fatal` to `trace`, or `silent`.
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

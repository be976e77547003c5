import { DefaultLogger, Runtime } from '@temporalio/worker';
import type { Logger } from '../telemetry/logger';

const pinoLevel = { TRACE: 'trace', DEBUG: 'debug', INFO: 'debug', WARN: 'warn', ERROR: 'error' } as const;
let installed = false;

/**
 * Sets up the SDK's runtime, of which a process has one: it logs through `logger`, and leaves signals to the process,
 * which drains its workers together with everything else.
 */
export function installRuntime(logger: Logger): void {
  if (installed) return;
  installed = true;
  // The SDK has two lines at level debug for every activity: they are not even made when nobody wants them.
  const level = logger.isLevelEnabled('debug') ? 'DEBUG' : 'WARN';
  Runtime.install({
    shutdownSignals: [],
    logger: new DefaultLogger(level, ({ level: severity, message, meta: { error, ...meta } = {} }) =>
      logger[pinoLevel[severity]]({ ...meta, err: error as unknown }, message),
    ),
    telemetryOptions: { logging: { filter: { core: 'WARN', other: 'WARN' }, forward: {} } },
  });
}

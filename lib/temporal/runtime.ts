import { DefaultLogger, Runtime } from '@temporalio/worker';
import type { Logger } from '../telemetry/logger';

const pinoLevel = { TRACE: 'trace', DEBUG: 'debug', INFO: 'debug', WARN: 'warn', ERROR: 'error' } as const;
let installed = false;

/**
 * Installs the SDK's runtime, one per process: it logs through `logger`, and leaves signals to the process, which
 * drains its workers together with everything else.
 */
export function installRuntime(logger: Logger): void {
  if (installed) return;
  installed = true;
  // The SDK logs two debug lines for every activity: they are not created unless that level is enabled.
  const level = logger.isLevelEnabled('debug') ? 'DEBUG' : 'WARN';
  Runtime.install({
    shutdownSignals: [],
    logger: new DefaultLogger(level, ({ level: severity, message, meta: { error, ...meta } = {} }) =>
      logger[pinoLevel[severity]]({ ...meta, err: error as unknown }, message),
    ),
    telemetryOptions: { logging: { filter: { core: 'WARN', other: 'WARN' }, forward: {} } },
  });
}

import { z } from 'zod';
import { liveSettings } from '../../lib/config/live-settings';
import { createReloader } from '../../lib/config/reload';
import { createLifecycle } from '../../lib/lifecycle/lifecycle';
import { createLogger } from '../../lib/telemetry/logger';
import { createMetrics } from '../../lib/telemetry/metrics';
import type { startApi } from '../../workers/api/api';
import { createAddresses } from '../../workers/config/addresses';
import { platformSettings } from '../../workers/config/config';

const settings = z.object(platformSettings);

/** What `startApi` needs of a process that has neither a broker nor a database; end its lifecycle afterwards. */
export function createApiHost(env: Record<string, string>): Parameters<typeof startApi>[0] {
  const logger = createLogger({ name: 'test', level: 'silent' });
  const config = settings.parse({ RABBITMQ_URL: 'amqp://127.0.0.1', PORT: '0', ...env });
  const reloader = createReloader({ logger, everyMs: 0 });
  const live = liveSettings(settings, { env, config, reloader });
  return {
    config,
    live,
    addresses: createAddresses(config, { live, reloader }),
    logger,
    metrics: createMetrics(),
    lifecycle: createLifecycle({ logger }),
    pools: [],
    unprotected: new Set(),
    needs: { database: () => 'optional', broker: 'optional', temporal: 'optional' },
  };
}

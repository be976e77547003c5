import type { Logger } from '../../telemetry/logger';
import type { Link } from '../connection/link';
import { declare } from './declare';
import type { Topology } from './spec';

/** Declares a topology, or is content that somebody else has. */
export type Declare = (topology: Topology) => Promise<void>;

/**
 * Declares over a link of its own, because who publishes and consumes need not be allowed to. When the link's user is
 * not allowed to either, everything is expected to be there: `topology apply` has made it.
 */
export function createDeclarer(link: Link, logger: Logger): Declare {
  let isRefused = false;
  return async (topology) => {
    if (isRefused) return;
    try {
      await link.withChannel((channel) => declare(channel, topology));
    } catch (error) {
      if ((error as { code?: unknown }).code !== accessRefused) throw error;
      isRefused = true;
      logger.info('this user may not declare the topology: it is expected to be there');
    }
  };
}

const accessRefused = 403;

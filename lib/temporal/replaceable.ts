import type { Live } from '../config/live';
import type { Logger } from '../telemetry/logger';
import type { TemporalAccess } from './access';

export interface ReplaceableOptions<Connection> {
  access: Live<TemporalAccess>;
  open: () => Promise<Connection>;
  close: (connection: Connection) => Promise<void>;
  /** Called with each new connection. */
  onReplaced?: (connection: Connection) => void;
  /** Called when the access has changed, but its certificates have not, for which a connection stays. */
  onSameTls?: (connection: Connection) => Promise<void>;
  logger: Logger;
}

/** A connection that is replaced when its certificates change. */
export interface Replaceable<Connection> {
  current(): Connection;
  close(): Promise<void>;
}

/** As long as a poll for tasks may take: a replaced connection may still have one under way. */
const graceMs = 70_000;

/** Opens a connection, and another one whenever the certificates of the access have changed. @throws what `open` throws */
export async function createReplaceable<Connection>(
  options: ReplaceableOptions<Connection>,
): Promise<Replaceable<Connection>> {
  const { access, open, close, onReplaced, onSameTls, logger } = options;
  let current = await open();
  let { tls } = access.current();
  const closing = new Map<Connection, NodeJS.Timeout>();
  let replacing = Promise.resolve();

  const closeLater = (old: Connection): void => {
    const timer = setTimeout(() => {
      closing.delete(old);
      void close(old).catch((error: unknown) => logger.warn({ err: error }, 'replaced connection not closed'));
    }, graceMs);
    timer.unref();
    closing.set(old, timer);
  };

  async function follow(): Promise<void> {
    if (access.current().tls === tls) return onSameTls?.(current);
    const old = current;
    const wanted = access.current().tls;
    current = await open();
    tls = wanted;
    onReplaced?.(current);
    closeLater(old);
    logger.info('connection to Temporal replaced: its certificates have changed');
  }

  const unsubscribe = access.onChange(() => {
    replacing = replacing
      .then(follow)
      .catch((error: unknown) =>
        logger.error({ err: error }, 'connection to Temporal not replaced; the old one stays'),
      );
  });
  return {
    current: () => current,
    close: async () => {
      unsubscribe();
      await replacing;
      for (const timer of closing.values()) clearTimeout(timer);
      await Promise.all([current, ...closing.keys()].map(close));
    },
  };
}

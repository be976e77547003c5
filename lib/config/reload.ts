import { every } from '../async/every';
import { sleep } from '../async/wait';
import { isError } from '../errors/is-error';
import type { Logger } from '../telemetry/logger';
import { createReplaceable, type Live } from './live';

/** Where a value comes from. */
export interface LiveSource<T> {
  /** The setting, for the log. */
  name: string;
  /** Reads the source. @throws Error, in a sentence, when it cannot be read. */
  read: () => string;
  /** @throws Error, in a sentence without the value, when it is invalid. */
  parse: (content: string) => T;
}

/** Follows the sources of values that may change while the process runs. */
export interface Reloader {
  /** @throws what `read` and `parse` throw, for the first value. */
  follow<T>(source: LiveSource<T>): Live<T>;
  stop(): void;
}

/** A file may be read while it is being written: its content counts when it is the same after this time. */
const settledMs = 50;

/**
 * Reads the sources every `everyMs`, by their content: notifications of a file system are lost when Kubernetes replaces the
 * folder of a secret. A value that is invalid, or that a check refuses, is logged once and tried again each time; the one
 * in use stays.
 * @param everyMs 0: only when `renew` is called.
 */
export function createReloader({ logger, everyMs }: { logger: Logger; everyMs: number }): Reloader {
  const followed: Live<unknown>[] = [];
  const renewAll = async (): Promise<void> => {
    await Promise.all(followed.map((live) => live.renew()));
  };
  const stop = everyMs === 0 ? () => undefined : every(renewAll, { everyMs, name: 'reload of settings', logger });
  return {
    follow: (source) => {
      const live = createLive(source, logger);
      followed.push(live);
      return live;
    },
    stop,
  };
}

function createLive<T>({ name, read, parse }: LiveSource<T>, logger: Logger): Live<T> {
  let content = read();
  const replaceable = createReplaceable(parse(content));
  let refused: string | undefined;
  let renewing: Promise<boolean> | undefined;

  /** Undefined when there is nothing new. */
  async function readNew(): Promise<string | undefined> {
    const found = read();
    if (found === content) return undefined;
    await sleep(settledMs, undefined, { ref: false });
    return read() === found ? found : undefined;
  }

  async function replace(found: string): Promise<void> {
    await replaceable.replace(parse(found));
    content = found;
    logger.info({ setting: name }, 'setting replaced by its new value');
  }

  async function renew(): Promise<boolean> {
    let found: string | undefined;
    try {
      found = await readNew();
      if (found !== undefined) await replace(found);
      refused = undefined;
      return found !== undefined;
    } catch (error) {
      const reason = isError(error) ? error.message : String(error);
      // Once for each new value, although it is tried again and again.
      if (refused !== (found ?? reason))
        logger.error({ setting: name, reason }, 'new value of a setting refused; the one in use stays');
      refused = found ?? reason;
      return false;
    }
  }

  return {
    ...replaceable.live,
    renew: () => (renewing ??= renew().finally(() => (renewing = undefined))),
  };
}

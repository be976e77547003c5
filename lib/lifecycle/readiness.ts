import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../telemetry/logger';

/** Up, or the reason why not: a `limited` part still does some of its work, such as a read-only database. */
export type Condition = { state: 'up' } | { state: 'limited' | 'down'; reason: string };

/** @throws when the part is `down`; the message is the reason. */
export type Check = () => Condition | Promise<Condition>;

/** A process is ready when all `required` parts are up, and of its `either` parts at least one is up or limited. */
export type Need = 'required' | 'either' | 'optional';

export interface Readiness {
  ready: boolean;
  /** Names of the parts that are not up. */
  missing: string[];
}

/** Checks of the parts that a process depends on; changes of their condition are logged with the reason. */
export interface ReadinessChecks {
  /** Adds a part, unless there is one with this name. */
  add(name: string, need: Need, check: Check): void;
  /** Checks every part. Never rejects: a part that does not answer within two seconds is down. */
  run(): Promise<Readiness>;
  /** The result of the last run. */
  last(): Readiness;
}

interface Part {
  name: string;
  need: Need;
  check: () => Promise<Condition>;
  condition: Condition;
}

const timeoutMs = 2_000;

export function createReadinessChecks(logger: Logger): ReadinessChecks {
  const parts: Part[] = [];

  async function update(part: Part): Promise<void> {
    const before = part.condition;
    part.condition = await part.check();
    const { name, condition } = part;
    if (condition.state === before.state) return;
    if (condition.state === 'up') logger.info({ part: name }, 'part is available again');
    else logger.warn({ part: name, ...condition }, 'part is not available');
  }

  function last(): Readiness {
    const isMet = ({ need, condition }: Part): boolean => need !== 'required' || condition.state === 'up';
    const either = parts.filter(({ need }) => need === 'either');
    const someWork = either.length === 0 || either.some(({ condition }) => condition.state !== 'down');
    return {
      ready: parts.every(isMet) && someWork,
      missing: parts.filter(({ condition }) => condition.state !== 'up').map(nameOf),
    };
  }

  return {
    add(name, need, check) {
      if (parts.some((part) => part.name === name)) return;
      parts.push({ name, need, check: withTimeLimit(check), condition: { state: 'up' } });
    },
    async run() {
      await Promise.all(parts.map(update));
      return last();
    },
    last,
  };
}

const nameOf = ({ name, condition }: Part): string =>
  condition.state === 'limited' ? `${name} (${condition.reason})` : name;

/** Runs one check at a time, and waits for it up to `timeoutMs`. */
function withTimeLimit(check: Check): () => Promise<Condition> {
  let running: Promise<Condition> | undefined;
  const run = (): Promise<Condition> =>
    Promise.resolve()
      .then(check)
      .catch((error: unknown) => ({ state: 'down', reason: error instanceof Error ? error.message : String(error) }));

  return async () => {
    running ??= run().finally(() => (running = undefined));
    const timer = new AbortController();
    const late = sleep(timeoutMs, { state: 'down', reason: 'no answer in time' } as const, timer);
    late.catch(() => undefined); // Aborted below.
    return Promise.race([running, late]).finally(() => timer.abort());
  };
}

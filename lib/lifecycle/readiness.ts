import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../telemetry/logger';

/** Up, or what is wrong: `limited` parts still do some of their work, as a database that only answers reads. */
export type Condition = { state: 'up' } | { state: 'limited' | 'down'; reason: string };

/** @throws what keeps the part from working; that is `down`. */
export type Check = () => Condition | Promise<Condition>;

/** Without a `required` part a process is not ready; of those that are `either`, one must work at least in part. */
export type Need = 'required' | 'either' | 'optional';

export interface Readiness {
  ready: boolean;
  /** Names of the parts that are not up. */
  missing: string[];
}

/** What a process needs to serve; what goes away and comes back is logged with the reason. */
export interface ReadinessChecks {
  /** Adds a part, unless one of this name is there. */
  add(name: string, need: Need, check: Check): void;
  /** Asks every part. Never rejects: a part that does not answer within two seconds is down. */
  run(): Promise<Readiness>;
  /** What the last run found, without asking anybody. */
  last(): Readiness;
}

interface Part {
  name: string;
  need: Need;
  ask: () => Promise<Condition>;
  condition: Condition;
}

const answerMs = 2_000;

export function createReadinessChecks(logger: Logger): ReadinessChecks {
  const parts: Part[] = [];

  async function look(part: Part): Promise<void> {
    const before = part.condition;
    part.condition = await part.ask();
    const { name, condition } = part;
    if (condition.state === before.state) return;
    if (condition.state === 'up') logger.info({ part: name }, 'available again');
    else logger.warn({ part: name, ...condition }, 'not available');
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
      parts.push({ name, need, ask: inTime(check), condition: { state: 'up' } });
    },
    async run() {
      await Promise.all(parts.map(look));
      return last();
    },
    last,
  };
}

const nameOf = ({ name, condition }: Part): string =>
  condition.state === 'limited' ? `${name} (${condition.reason})` : name;

/** Asks once at a time, and waits for the answer so long. */
function inTime(check: Check): () => Promise<Condition> {
  let asking: Promise<Condition> | undefined;
  const ask = (): Promise<Condition> =>
    Promise.resolve()
      .then(check)
      .catch((error: unknown) => ({ state: 'down', reason: error instanceof Error ? error.message : String(error) }));

  return async () => {
    asking ??= ask().finally(() => (asking = undefined));
    const timer = new AbortController();
    const late = sleep(answerMs, { state: 'down', reason: 'no answer in time' } as const, timer);
    late.catch(() => undefined); // Aborted below.
    return Promise.race([asking, late]).finally(() => timer.abort());
  };
}

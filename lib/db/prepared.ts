import { createHash } from 'node:crypto';
import { Client, type ClientConfig } from 'pg';
import { isUnanswered } from './session-errors';
import type { Sessions } from './sessions';

/** How many statements a connection keeps prepared; a program has fewer, unless it writes values into its SQL. */
const maxStatements = 500;

/**
 * A client for a pool with which PostgreSQL parses each statement once per connection instead of every time: measured,
 * a third less CPU time in the server. A statement is named by its text, so two pools never disagree about a name. When
 * a migration changes the result type of a prepared statement, it fails once on each connection; all statements are
 * then prepared again under names of a new generation.
 */
export function preparingClient(sessions: Sessions): typeof Client {
  const names = new Map<string, string>();
  let generation = 0;

  function nameOf(text: string): string | undefined {
    const known = names.get(text);
    if (known !== undefined || names.size >= maxStatements) return known;
    const name = `${createHash('sha256').update(text).digest('hex').slice(0, 32)}_${generation}`;
    names.set(text, name);
    return name;
  }

  function startOver(error: unknown): never {
    if ((error as { code?: string }).code === resultTypeChanged) {
      names.clear();
      generation += 1;
    }
    throw error;
  }

  return class extends Client {
    constructor(config?: string | ClientConfig) {
      super(config);
      sessions.follow(this);
    }

    /** Prepares only `query(text, values)`, which is how Kysely calls it; every other form passes unchanged. */
    override query(...args: readonly unknown[]): never {
      const query = super.query.bind(this) as (...passed: readonly unknown[]) => Promise<unknown>;
      const [text, values] = args;
      // Without values, the text may be several statements, which cannot be prepared.
      const isNamed = args.length === 2 && typeof text === 'string' && Array.isArray(values) && values.length > 0;
      const name = isNamed ? nameOf(text) : undefined;
      const answer = name === undefined ? query(...args) : query({ name, text, values }).catch(startOver);
      // There is no promise with a callback, a form that the platform does not use.
      return (
        answer instanceof Promise ? answer.catch((error: unknown) => this.#closeIfUnanswered(error)) : answer
      ) as never;
    }

    /** Closes the connection to a server that does not answer: the next query on it would wait as well. */
    #closeIfUnanswered(error: unknown): never {
      if (isUnanswered(error)) {
        sessions.end(this);
        this.connection.stream.destroy();
      }
      throw error;
    }
  };
}

/** `feature_not_supported`: "cached plan must not change result type". */
const resultTypeChanged = '0A000';

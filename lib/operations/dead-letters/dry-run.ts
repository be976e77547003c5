import type { Kysely } from 'kysely';
import type { Link } from '../../broker/connection/link';
import { platformError } from '../../errors/errors';
import { fromMessage } from '../../events/envelope';
import { handleEvents, defaultHandlerTimeoutMs } from '../../inbox/processing/handle';
import type { Subscription } from '../../inbox/subscription/subscription';
import type { Reader } from '../readers';
import { holdDeadLetters, type DeadLetterFilter } from './dead-letters';

type Message = Parameters<typeof fromMessage>[0];

/**
 * Whether the handlers would accept the dead letters now: each runs in a transaction that is rolled back.
 * @param body replaces the body of the dead letters.
 * @throws `conflict` for handlers that act on another system, where nothing can be rolled back.
 */
export function dryRun(
  link: Link,
  { queue, subscription, db }: Reader,
  filter: DeadLetterFilter,
  body?: string,
): Promise<{ id: string; works: boolean; why?: string }[]> {
  if (subscription.kind === 'external')
    throw platformError('conflict', `${queue} acts on another system; a dry run could not be rolled back`);
  return holdDeadLetters(link, queue, filter, async (held) => {
    const results = [];
    for (const { deadLetter, message } of held) {
      const content = body === undefined ? message.content : Buffer.from(body);
      const why = await failureOf(db, subscription, { content, properties: message.properties });
      results.push({ id: deadLetter.id, works: why === undefined, ...(why === undefined ? {} : { why }) });
    }
    return results;
  });
}

/** Ends a dry run that succeeded. */
class RolledBack extends Error {}

/** Why the handler does not accept a message; undefined when it does. */
async function failureOf(
  db: Kysely<unknown>,
  subscription: Subscription,
  message: Message,
): Promise<string | undefined> {
  try {
    const event = fromMessage(message);
    await db.transaction().execute(async (trx) => {
      await handleEvents(trx, { subscription, handlerTimeoutMs: defaultHandlerTimeoutMs }, [event]);
      throw new RolledBack();
    });
    return undefined;
  } catch (error) {
    return error instanceof RolledBack ? undefined : (error as Error).message;
  }
}

import type { ConsumeMessage } from 'amqplib';
import { exchanges } from '../../contracts/events';
import { tokenRevoked, userErased, userLocked, userUnlocked } from '../../contracts/events/user';
import { provenanceOf } from '../../lib/broker/provenance';
import { createStreamReader } from '../../lib/broker/streams/stream-reader';
import { fromMessage, type Envelope } from '../../lib/events/envelope';
import { createRevocations, type Revocation, type Revocations } from '../../lib/http/revocation/revocations';
import type { Platform } from '../platform/platform';
import { revocationsQueue } from '../topology/revocations';

const subjects = { [userErased.type]: 'ended', [userLocked.type]: 'locked', [userUnlocked.type]: 'unlocked' } as const;

/** How long nothing is received before that is reported. */
const reportedAfterMs = 10_000;

/**
 * Follows the revocations, and resolves when all that the stream has are known. While the broker is away the known ones still
 * count: the process is `degraded`, a metric says since when, and after ten seconds the log does.
 */
export async function followRevocations({
  broker,
  logger,
  metrics,
  lifecycle,
}: Pick<Platform, 'broker' | 'logger' | 'metrics' | 'lifecycle'>): Promise<Revocations> {
  const revocations = createRevocations();
  const reader = createStreamReader({
    link: broker.consuming,
    queue: revocationsQueue,
    logger,
    onMessage(message) {
      try {
        const revocation = revocationIn(message);
        if (revocation) revocations.apply(revocation);
      } catch (error) {
        // Nobody can handle it better on another attempt, and it is no reason to miss those behind it.
        logger.error({ err: error, messageId: String(message.properties.messageId) }, 'revocation cannot be read');
      }
    },
  });
  const deafMs = (): number => Date.now() - (reader.deafSince()?.getTime() ?? Date.now());
  const gauge = metrics.gauge(
    'token_revocations_deaf_seconds',
    'Time during which revocations of tokens are not received; 0: they are',
    [],
  );
  let isReported = false;
  const timer = setInterval(() => {
    gauge.set(deafMs() / 1_000);
    const isDeaf = deafMs() >= reportedAfterMs;
    if (isDeaf && !isReported)
      logger.warn(
        { queue: revocationsQueue },
        'revocations of tokens are not received; revoked tokens may be accepted',
      );
    isReported = isDeaf;
  }, 1_000).unref();
  lifecycle.onStop('revocations', async () => {
    clearInterval(timer);
    await reader.stop();
  });
  lifecycle.addReadiness('token revocations', 'optional', () =>
    reader.deafSince() ? { state: 'down', reason: 'not received' } : { state: 'up' },
  );
  await reader.start();
  return revocations;
}

/** The revocation in a message of the stream; undefined for an event that is none. @throws for one that is not trusted. */
export function revocationIn(message: ConsumeMessage): Revocation | undefined {
  const { exchange } = provenanceOf(message);
  if (exchange !== exchanges.users.name) throw new Error(`A revocation was published to "${exchange}"`);
  return toRevocation(fromMessage(message));
}

function toRevocation({ type, version, time, data, dataVersion, compatibleVersion }: Envelope): Revocation | undefined {
  for (const contract of [userErased, userLocked, userUnlocked])
    if (contract.type === type) {
      const { userId } = contract.parse(dataVersion, data, compatibleVersion);
      return { kind: 'subject', subject: userId, version, state: subjects[contract.type], at: time };
    }
  if (type !== tokenRevoked.type) return undefined;
  return { kind: 'token', tokenId: tokenRevoked.parse(dataVersion, data, compatibleVersion).tokenId };
}

import type { Condition } from '../../lifecycle/readiness';
import type { Broker } from './connection';

/** Up when both connections are; limited while the broker takes no messages, though it still delivers. */
export function checkBroker({ publishing, consuming }: Pick<Broker, 'publishing' | 'consuming'>): Condition {
  if (!publishing.isUp() || !consuming.isUp()) return { state: 'down', reason: 'not connected' };
  const isBlocked = [publishing, consuming].some((link) => link.blocked() !== undefined);
  return isBlocked ? { state: 'limited', reason: 'blocked' } : { state: 'up' };
}

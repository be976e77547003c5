import type { Condition } from '../lifecycle/readiness';
import type { Broker } from './connection';

/** Up when both connections are. */
export function checkBroker({ publishing, consuming }: Broker): Condition {
  const isUp = publishing.isUp() && consuming.isUp();
  return isUp ? { state: 'up' } : { state: 'down', reason: 'not connected' };
}

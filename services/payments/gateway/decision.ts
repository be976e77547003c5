import { platformError } from '../../../lib/errors/errors';
import type { GatewayAnswer, PaymentGateway } from './gateway';

/** What a gateway decided: yes or no. */
export type Decision = Exclude<GatewayAnswer, { outcome: 'undone' }>;

/**
 * The gateway's decision on an operation. When its answer is lost nothing is assumed: it is asked what came of it.
 * @throws `step-fenced` when the gateway was told before to undo it; the error of `ask` when the gateway knows nothing.
 */
export async function decisionOf(
  gateway: PaymentGateway,
  key: string,
  ask: () => Promise<GatewayAnswer>,
): Promise<Decision> {
  const answer = await ask().catch(async (lost: unknown) => {
    const found = await gateway.find(key);
    if (!found) throw lost;
    return found;
  });
  if (answer.outcome === 'undone') throw platformError('step-fenced', `The gateway was told to undo ${key} before`);
  return answer;
}

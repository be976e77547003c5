import { platformError } from '../../../lib/errors/errors';
import type { GatewayAnswer, PaymentGateway } from './gateway';

/** The gateway's final answer: approved or refused. */
export type GatewayResult = Exclude<GatewayAnswer, { outcome: 'undone' }>;

/**
 * The result of an operation. When the answer is lost, the gateway is asked for the outcome.
 * @throws `step-fenced` when the operation was undone before; the error of `operation` when the gateway does not know it.
 */
export async function resultOf(
  gateway: PaymentGateway,
  key: string,
  operation: () => Promise<GatewayAnswer>,
): Promise<GatewayResult> {
  const answer = await operation().catch(async (lost: unknown) => {
    const found = await gateway.find(key);
    if (!found) throw lost;
    return found;
  });
  if (answer.outcome === 'undone') throw platformError('step-fenced', `The gateway has already undone ${key}`);
  return answer;
}

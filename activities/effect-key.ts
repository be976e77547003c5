import { orderWorkflowId } from '../contracts/saga/order';

/**
 * The key of a step's effect: `order/<orderId>/<step>`. It stays the same across retries, workers and resets, and
 * whatever undoes the step uses it too, be it the saga itself or a return: whichever comes late finds what the other left.
 */
export const effectKey = (orderId: string, step: string): string => `${orderWorkflowId(orderId)}/${step}`;

import { z } from 'zod';

/**
 * Kinds of difference that can be settled for good: those that stay as they are, so that nothing that goes wrong later is
 * hidden. Every other one is repaired.
 */
export const settleableKinds = ['parcel-kept'] as const;

/** `POST /ops/drift/:orderId/settle` */
export const driftSettlement = z.strictObject({
  /** As `sagaworks audit` names it. */
  kind: z.enum(settleableKinds),
  reason: z.string().min(1).max(500),
});
export const driftSettled = z.strictObject({ orderId: z.string(), kind: z.enum(settleableKinds) });

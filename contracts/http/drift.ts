import { z } from 'zod';

/**
 * The kinds of difference that can be settled: those that stay as they are, so settling hides no later fault. All others are
 * repaired.
 */
export const settleableKinds = ['parcel-kept'] as const;

/** `POST /ops/drift/:orderId/settle` */
export const driftSettlement = z.strictObject({
  /** As `sagaworks audit` names it. */
  kind: z.enum(settleableKinds),
  reason: z.string().min(1).max(500),
});
export const driftSettled = z.strictObject({ orderId: z.string(), kind: z.enum(settleableKinds) });

import type { Money } from '../../../contracts/money';

/** What a gateway answers about an operation: it did it, it refused, or it was told to take it back. */
export type GatewayAnswer =
  { outcome: 'approved'; flagged: boolean } | { outcome: 'refused'; reason: string } | { outcome: 'undone' };

/**
 * A payment gateway as Sagaworks needs it. Every operation has an idempotency key: with the same key it happens once and
 * gets the same answer. An error means that the outcome is unknown: `find` tells it.
 */
export interface PaymentGateway {
  /** Holds money on the card behind `token`; `flagged` asks for a person's review. */
  authorize(key: string, request: { amount: Money; token: string }): Promise<GatewayAnswer>;
  /** Moves money that was held by the authorization under `authorization`. */
  capture(key: string, request: { amount: Money; authorization: string }): Promise<GatewayAnswer>;
  /** Lets go of what `authorize` holds under this key; when nothing came under it yet, nothing ever will. */
  void(authorizationKey: string): Promise<void>;
  /** Gives back what `capture` moved under this key; when nothing came under it yet, nothing ever will. */
  refund(captureKey: string): Promise<void>;
  /** What became of an operation; undefined when it never arrived or is not decided. */
  find(key: string): Promise<GatewayAnswer | undefined>;
}

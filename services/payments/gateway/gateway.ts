import type { Money } from '../../../contracts/money';

/** A gateway's answer about an operation: carried out, refused, or undone. */
export type GatewayAnswer =
  { outcome: 'approved'; flagged: boolean } | { outcome: 'refused'; reason: string } | { outcome: 'undone' };

/**
 * A payment gateway as Sagaworks needs it. Every operation has an idempotency key: with the same key it happens once and
 * has the same answer. After an error the outcome is unknown, and `find` returns it.
 */
export interface PaymentGateway {
  /** Reserves money on the card of `token`; `flagged` asks for a review by a person. */
  authorize(key: string, request: { amount: Money; token: string }): Promise<GatewayAnswer>;
  /** Moves the money of the authorisation with the key `authorization`. */
  capture(key: string, request: { amount: Money; authorization: string }): Promise<GatewayAnswer>;
  /** Voids the authorisation with this key; if it has not arrived yet, it will be refused. */
  void(authorizationKey: string): Promise<void>;
  /** Refunds the capture with this key; if it has not arrived yet, it will be refused. */
  refund(captureKey: string): Promise<void>;
  /** The outcome of an operation; undefined when it never arrived or is pending. */
  find(key: string): Promise<GatewayAnswer | undefined>;
}

/** The gateway's final answer: approved or refused. */
export type GatewayResult = Exclude<GatewayAnswer, { outcome: 'undone' }>;

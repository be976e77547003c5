import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../../lib/db/database';
import { platformError } from '../../../lib/errors/errors';
import type { GatewayAnswer, PaymentGateway } from './gateway';
import { approvePending, findOperation, recordCall, undoOperation, type GatewayTables, type Operation } from './store';

/** How a card behaves at the simulated gateway. */
interface TestCard {
  declined?: string;
  flagged?: boolean;
  /** How many calls to authorise fail before one succeeds. */
  faults?: number;
  /** Operations are carried out, but their answers are lost. */
  answersLost?: boolean;
  captureRefused?: string;
}

const cards: Record<string, TestCard> = {
  tok_ok: {},
  tok_declined: { declined: 'The card was declined' },
  tok_flaky: { faults: 2 },
  tok_timeout: { answersLost: true },
  tok_capture_refused: { captureRefused: 'The bank did not release the money' },
  tok_review: { flagged: true },
};

/** The card of a token; an unknown one is declined. */
const cardOf = (token: string): TestCard => cards[token] ?? { declined: 'The payment token is unknown' };

/**
 * A payment gateway for tests and trials: cards behave as their test tokens say; its records are in a database of its own.
 * @param latencyMs the delay before every call takes effect.
 * @throws `unavailable` for the faults of `tok_flaky` and the lost answers of `tok_timeout`,
 *         `effect-key-reused` when a key is used again with another amount.
 */
export function createSimulatedGateway({
  database,
  latencyMs = 0,
}: {
  database: Database<GatewayTables>;
  latencyMs?: number;
}): PaymentGateway {
  const db = database.kysely;
  return {
    async authorize(key, { amount, token }) {
      await sleep(latencyMs);
      const { declined, flagged = false, faults = 0 } = cardOf(token);
      const operation = await recordCall(db, {
        key,
        kind: 'authorization',
        authorization_key: key,
        token,
        ...amount,
        outcome: declined ? 'refused' : faults > 0 ? 'pending' : 'approved',
        reason: declined ?? null,
        flagged,
      });
      if (operation.outcome !== 'pending') return answer(operation, amount.amount);
      if (operation.calls <= faults) throw platformError('unavailable', `The gateway failed temporarily on ${key}`);
      await approvePending(db, key);
      return { outcome: 'approved', flagged };
    },

    async capture(key, { amount, authorization }) {
      await sleep(latencyMs);
      const hold = await findOperation(db, authorization);
      const refusal =
        hold?.outcome === 'approved' ? cardOf(hold.token ?? '').captureRefused : 'There is no authorisation to capture';
      const operation = await recordCall(db, {
        key,
        kind: 'capture',
        authorization_key: authorization,
        token: hold?.token ?? null,
        ...amount,
        outcome: refusal ? 'refused' : 'approved',
        reason: refusal ?? null,
        flagged: false,
      });
      return answer(operation, amount.amount);
    },

    async void(authorizationKey) {
      await sleep(latencyMs);
      await undoOperation(db, authorizationKey, 'authorization');
    },

    async refund(captureKey) {
      await sleep(latencyMs);
      await undoOperation(db, captureKey, 'capture');
    },

    async find(key) {
      await sleep(latencyMs);
      const operation = await findOperation(db, key);
      return operation && answerOf(operation);
    },
  };
}

/** What the caller gets: an error when the card loses its answers. */
function answer(operation: Operation, amount: number): GatewayAnswer {
  const known = answerOf(operation);
  if (!known) throw platformError('unavailable', `The gateway has not decided on ${operation.key} yet`);
  if (known.outcome !== 'undone' && operation.amount !== amount) {
    throw platformError('effect-key-reused', `The gateway was asked for ${operation.key} with another amount before`);
  }
  if (cardOf(operation.token ?? '').answersLost)
    throw platformError('unavailable', `The gateway did not answer in time on ${operation.key}`);
  return known;
}

function answerOf({ outcome, flagged, reason }: Operation): GatewayAnswer | undefined {
  switch (outcome) {
    case 'approved':
      return { outcome, flagged };
    case 'refused':
      return { outcome, reason: reason ?? 'The gateway refused' };
    case 'undone':
      return { outcome };
    case 'pending':
      return undefined;
  }
}

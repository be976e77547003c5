import type { Kysely } from 'kysely';
import { exchanges } from '../../contracts/events';
import type { Exchange } from '../../lib/events/exchange';
import type { Envelope } from '../../lib/events/envelope';
import { ordered, reaction, type Subscription } from '../../lib/inbox/subscription/subscription';
import type { Observer } from './history';

/** Writes down that an event was applied, or misbehaves. */
export type Witnessing = (subscription: string, event: Envelope, db: Kysely<unknown>) => Promise<void>;

/** A subscription with a queue of its own. */
export interface Witness {
  consumer: string;
  subscription: Subscription;
}

/** A projection and a reaction for every exchange: together they receive every event of the platform twice. */
export function createWitnesses(witnessing: Witnessing): Witness[] {
  return Object.values(exchanges).flatMap((exchange) => [
    { consumer: 'witness-projection', subscription: witnessProjection(exchange, witnessing) },
    { consumer: 'witness-reaction', subscription: witnessReaction(exchange, witnessing) },
  ]);
}

function witnessProjection(from: Exchange, witnessing: Witnessing): Subscription {
  const name = `${projected}${from.name}`;
  return ordered<unknown>()({ name, version: 1, from, on: handlers(from, name, witnessing) });
}

function witnessReaction(from: Exchange, witnessing: Witnessing): Subscription {
  const name = `${reacted}${from.name}`;
  return reaction<unknown>()({ name, from, on: handlers(from, name, witnessing) });
}

const [projected, reacted] = ['projection of ', 'reaction to '];

const handlers = (from: Exchange, name: string, witnessing: Witnessing) =>
  Object.fromEntries(
    from.events.map(({ type }) => [
      type,
      (_: unknown, db: Kysely<unknown>, event: Envelope) => witnessing(name, event, db),
    ]),
  );

/** Who owes the events of an exchange an effect. */
export const observersOf = (exchange: string): Observer[] => [
  { subscription: projected + exchange, ordered: true },
  { subscription: reacted + exchange, ordered: false },
];

import type { Transaction } from 'kysely';
import type { Exchange } from '../../events/exchange';
import { createSubscription, type Handlers, type Subscription } from './subscription';

/**
 * Declares handlers that run once for each event, in the order of versions within a stream: the effect and the mark
 * that it was applied are in one transaction. Older versions are dropped, newer ones wait. It receives whole streams,
 * also the types without a handler, because a gap in the versions would mean a lost event.
 * For a read model, declare a projection (lib/projections) instead: it can be rebuilt as well.
 * @example ordered<NoteTables>()({ name: 'notes', version: 1, from: exchanges.notes, on: { … } });
 */
export const ordered =
  <Tables>() =>
  <E extends Exchange>(declared: {
    name: string;
    /** Raised to start over with every stream. */
    version: number;
    from: E;
    on: Handlers<E, Transaction<Tables>>;
  }): Subscription => {
    const streams = declared.from.events.filter(({ type }) => type in declared.on).map(({ stream }) => stream);
    const bindings = [...new Set(streams)].map((stream) => `${stream}.#`);
    const name = `${declared.name}_v${declared.version}`;
    return createSubscription('ordered', { ...declared, name }, bindings);
  };

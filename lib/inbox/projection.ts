import type { Transaction } from 'kysely';
import type { Exchange } from '../../contracts/events';
import { subscribe, type Handlers, type Subscription } from './subscription';

/**
 * Declares a read model that follows another service's events: each stream's versions are applied once and in order,
 * the row and the mark that it was applied in one transaction. Older versions are dropped, newer ones wait.
 * It hears whole streams, also the types it has no handler for: a gap in the versions would mean a lost event.
 * @example projection<OrderTables>()({ name: 'products', version: 1, from: exchanges.inventory, on: { … } });
 */
export const projection =
  <Tables>() =>
  <E extends Exchange>(declared: {
    name: string;
    /** Raised when the read model changes so that it must be built anew. */
    version: number;
    from: E;
    on: Handlers<E, Transaction<Tables>>;
  }): Subscription => {
    const streams = declared.from.events.filter(({ type }) => type in declared.on).map(({ stream }) => stream);
    const bindings = [...new Set(streams)].map((stream) => `${stream}.#`);
    const name = `${declared.name}_v${declared.version}`;
    return subscribe('projection', { ...declared, name }, bindings);
  };

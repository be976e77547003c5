import type { Transaction } from 'kysely';
import type { Exchange } from '../../events/exchange';
import { subscribe, type Handlers, type Subscription } from './subscription';

/**
 * Declares what is done with each event of a stream, once and in the order of versions: the effect and the mark that it
 * was done in one transaction. Older versions are dropped, newer ones wait. It hears whole streams, also the types it
 * has no handler for: a gap in the versions would mean a lost event.
 * A read model is rather declared as a projection (lib/projections), which can be rebuilt as well.
 * @example ordered<NoteTables>()({ name: 'notes', version: 1, from: exchanges.notes, on: { … } });
 */
export const ordered =
  <Tables>() =>
  <E extends Exchange>(declared: {
    name: string;
    /** Raised to begin anew with every stream. */
    version: number;
    from: E;
    on: Handlers<E, Transaction<Tables>>;
  }): Subscription => {
    const streams = declared.from.events.filter(({ type }) => type in declared.on).map(({ stream }) => stream);
    const bindings = [...new Set(streams)].map((stream) => `${stream}.#`);
    const name = `${declared.name}_v${declared.version}`;
    return subscribe('ordered', { ...declared, name }, bindings);
  };

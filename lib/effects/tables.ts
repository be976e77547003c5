import type { Generated } from 'kysely';

/** The effects that a service has carried out, or must never carry out. */
export interface EffectTables {
  effects: {
    key: string;
    /** The hash of the request; null for a tombstone, whose undo arrived first. */
    request_hash: string | null;
    state: 'done' | 'undone';
    result: unknown;
    time: Generated<Date>;
  };
}

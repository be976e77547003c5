import type { Generated } from 'kysely';

/** The effects that a service has carried out, or must never carry out any more. */
export interface EffectTables {
  effects: {
    key: string;
    /** Of the request it was carried out for; null for a tombstone: the undo came first. */
    request_hash: string | null;
    state: 'done' | 'undone';
    result: unknown;
    time: Generated<Date>;
  };
}

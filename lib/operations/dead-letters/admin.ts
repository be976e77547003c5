import { createHash } from 'node:crypto';
import { audited } from '../audit';
import { holdLetters, type DeadLetter, type LetterFilter } from './dead-letters';
import { redrive, rehearse, wentWell, type RedriveOptions } from './redrive';
import type { FindReaders } from '../readers';

/** Letters of one queue, or of all. */
export type DeskFilter = LetterFilter & { queue?: string | undefined };

/** Looking at dead letters, bringing them back, throwing them away. */
export function createLetterDesk({ link, publisher }: RedriveOptions, readersOf: FindReaders) {
  return {
    async deadLetters({ queue, ...filter }: DeskFilter): Promise<DeadLetter[]> {
      const letters: DeadLetter[] = [];
      for (const reader of readersOf(queue)) {
        letters.push(...(await holdLetters(link, reader.queue, filter, (held) => Promise.resolve(lettersOf(held)))));
      }
      return letters;
    },

    /** Queue by queue; the first that fails again ends it. @throws `invalid-request` when `data` doesn't fit. */
    async redrive({ queue, ...filter }: DeskFilter, data?: object, anyOrigin = false) {
      const letters = [];
      let matched = 0;
      for (const reader of readersOf(queue)) {
        const body = data && JSON.stringify(data);
        const about = { ...(body ? { dataSha256: sha256(body) } : {}), ...(anyOrigin ? { anyOrigin } : {}) };
        const request = { queue: reader.queue, ...filter, ...about };
        const run = () => redrive({ link, publisher }, reader, filter, { body, anyOrigin });
        const result = await audited(reader.db, 'dead-letters redrive', reader.queue, request, run);
        matched += result.matched;
        letters.push(...result.letters.map((letter) => ({ ...letter, queue: reader.queue })));
        if (!result.letters.every(wentWell)) break;
      }
      return { matched, letters, stopped: !letters.every(wentWell) };
    },

    async rehearse({ queue, ...filter }: DeskFilter, data?: object) {
      const tried = [];
      for (const reader of readersOf(queue)) {
        if (queue === undefined && reader.subscription.kind === 'external') continue;
        const results = await rehearse({ link }, reader, filter, data && JSON.stringify(data));
        tried.push(...results.map((result) => ({ ...result, queue: reader.queue })));
      }
      return tried;
    },

    async discard({ queue, ...filter }: DeskFilter): Promise<number> {
      let discarded = 0;
      for (const reader of readersOf(queue)) {
        const run = () =>
          holdLetters(link, reader.queue, filter, (held) => {
            for (const one of held) one.take();
            return Promise.resolve({ discarded: lettersOf(held).map(withoutContent) });
          });
        const request = { queue: reader.queue, ...filter };
        discarded += (await audited(reader.db, 'dead-letters discard', reader.queue, request, run)).discarded.length;
      }
      return discarded;
    },
  };
}

/** What is kept of a letter for ever: which one it was. What it said, and errors that quote it, may be of a person. */
const withoutContent = ({ id, type, stream, version, reason }: DeadLetter) => ({ id, type, stream, version, reason });

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const lettersOf = (held: readonly { letter: DeadLetter }[]): DeadLetter[] => held.map(({ letter }) => letter);

import { createHash } from 'node:crypto';
import { audited } from '../audit';
import { holdDeadLetters, type DeadLetter, type DeadLetterFilter } from './dead-letters';
import { dryRun } from './dry-run';
import { hasSucceeded, redrive, type RedriveOptions } from './redrive';
import type { FindReaders } from '../readers';

/** Dead letters of one queue, or of all. */
export type DeadLetterQuery = DeadLetterFilter & { queue?: string | undefined };

/** Listing, redriving and discarding dead letters. */
export function createDeadLetterOperations({ link, publisher }: RedriveOptions, readersOf: FindReaders) {
  return {
    async deadLetters({ queue, ...filter }: DeadLetterQuery): Promise<DeadLetter[]> {
      const found: DeadLetter[] = [];
      for (const reader of readersOf(queue)) {
        found.push(
          ...(await holdDeadLetters(link, reader.queue, filter, (held) => Promise.resolve(deadLettersOf(held)))),
        );
      }
      return found;
    },

    /** Queue by queue; the first failure ends it. @throws `invalid-request` when `data` does not match the schema. */
    async redrive({ queue, ...filter }: DeadLetterQuery, data?: object, anyOrigin = false) {
      const letters = [];
      let matched = 0;
      for (const reader of readersOf(queue)) {
        const body = data && JSON.stringify(data);
        const about = { ...(body ? { dataSha256: sha256(body) } : {}), ...(anyOrigin ? { anyOrigin } : {}) };
        const request = { queue: reader.queue, ...filter, ...about };
        const run = () => redrive({ link, publisher }, reader, filter, { body, anyOrigin });
        const result = await audited(reader.db, 'dead-letters redrive', reader.queue, request, run);
        matched += result.matched;
        letters.push(...result.letters.map((redriven) => ({ ...redriven, queue: reader.queue })));
        if (!result.letters.every(hasSucceeded)) break;
      }
      return { matched, letters, stopped: !letters.every(hasSucceeded) };
    },

    async dryRun({ queue, ...filter }: DeadLetterQuery, data?: object) {
      const tried = [];
      for (const reader of readersOf(queue)) {
        if (queue === undefined && reader.subscription.kind === 'external') continue;
        const results = await dryRun(link, reader, filter, data && JSON.stringify(data));
        tried.push(...results.map((result) => ({ ...result, queue: reader.queue })));
      }
      return tried;
    },

    async discard({ queue, ...filter }: DeadLetterQuery): Promise<number> {
      let discarded = 0;
      for (const reader of readersOf(queue)) {
        const run = () =>
          holdDeadLetters(link, reader.queue, filter, (held) => {
            for (const one of held) one.take();
            return Promise.resolve({ discarded: deadLettersOf(held).map(withoutContent) });
          });
        const request = { queue: reader.queue, ...filter };
        discarded += (await audited(reader.db, 'dead-letters discard', reader.queue, request, run)).discarded.length;
      }
      return discarded;
    },
  };
}

/** What the audit log keeps of a dead letter. Its body, and errors that quote it, may hold personal data. */
const withoutContent = ({ id, type, stream, version, reason }: DeadLetter) => ({ id, type, stream, version, reason });

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const deadLettersOf = (held: readonly { deadLetter: DeadLetter }[]): DeadLetter[] =>
  held.map(({ deadLetter }) => deadLetter);

import { deepStrictEqual, fail } from 'node:assert/strict';
import type { NewEvent } from '../events/define';
import { changeOf } from './handle';
import { fold, unborn, type Aggregate, type Envelope, type Fact } from './aggregate';

/**
 * The test of a decision as a sentence; for tests only. Several commands follow one another.
 * @param stored what the state has besides, of a row: it is in no event.
 * @example const given = scenariosOf(note); given(written).when(erase).then(erased);
 */
export const scenariosOf =
  <Command, State, Event extends NewEvent>(aggregate: Aggregate<Command, State, Event>, stored: Partial<State> = {}) =>
  (...past: readonly Event[]) => ({
    when: (...commands: readonly Command[]) => {
      const begun = past.map((event, index): Fact<Event> => ({ ...event, version: index + 1, time }));
      const before = fold(aggregate, unborn as Envelope<State, Event>, begun);
      let now = before.state ? { ...before, state: { ...before.state, ...stored } } : before;
      let refusal: unknown;
      try {
        for (const command of commands) now = changeOf(aggregate, { id: 'tested', command, from: now }, time).after;
      } catch (error) {
        refusal = error;
      }
      const events = now.facts.slice(past.length).map(({ version: _, time: __, ...event }) => event);
      const accepted = (): void => {
        if (refusal !== undefined) throw refusal as Error;
      };
      return {
        /** Exactly these events, in their order; none: nothing happens. */
        then: (...expected: readonly Event[]): void => {
          accepted();
          deepStrictEqual(events, expected);
        },
        /** Exactly events of these types. */
        thenTypes: (...expected: readonly Event['type'][]): void => {
          accepted();
          deepStrictEqual(
            events.map(({ type }) => type),
            expected,
          );
        },
        /** Refused with this code and these other fields of the error. */
        thenRefused: (code: string, about: { message?: string; field?: string } = {}): void => {
          if (refusal === undefined) fail(`Expected ${code}, but it was accepted with ${JSON.stringify(events)}`);
          const { code: actual, message, field } = refusal as { code?: string; message?: string; field?: string };
          const seen = { message, field };
          const named = Object.fromEntries(Object.keys(about).map((name) => [name, seen[name as keyof typeof seen]]));
          deepStrictEqual({ code: actual, ...named }, { code, ...about });
        },
        /** The state after it all. */
        state: (): State | undefined => {
          accepted();
          return now.state;
        },
      };
    },
  });

/** When everything happens in a test. */
const time = new Date('2026-01-01T00:00:00Z');

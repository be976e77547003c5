import { deepStrictEqual, fail } from 'node:assert/strict';
import type { NewEvent } from '../events/define';
import { changeOf } from './handle';
import { fold, newAggregate, type Aggregate, type Envelope, type Fact } from './aggregate';

/**
 * Tests decisions as given/when/then; for tests only. Several commands follow one another.
 * @param stored parts of the state that come from a row rather than from events
 * @example const given = scenariosOf(note); given(written).when(erase).then(erased);
 */
export const scenariosOf =
  <Command, State, Event extends NewEvent>(aggregate: Aggregate<Command, State, Event>, stored: Partial<State> = {}) =>
  (...past: readonly Event[]) => ({
    when: (...commands: readonly Command[]) => {
      const facts = past.map((event, index): Fact<Event> => ({ ...event, version: index + 1, time }));
      const before = fold(aggregate, newAggregate as Envelope<State, Event>, facts);
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
        /** Exactly these events in this sequence; without arguments: no events. */
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
        /** Refused with this code, and with these fields of the error. */
        thenRefused: (code: string, about: { message?: string; field?: string } = {}): void => {
          if (refusal === undefined) fail(`Expected ${code}, but it was accepted with ${JSON.stringify(events)}`);
          const { code: actual, message, field } = refusal as { code?: string; message?: string; field?: string };
          const seen = { message, field };
          const named = Object.fromEntries(Object.keys(about).map((name) => [name, seen[name as keyof typeof seen]]));
          deepStrictEqual({ code: actual, ...named }, { code, ...about });
        },
        /** The state after all commands. */
        state: (): State | undefined => {
          accepted();
          return now.state;
        },
      };
    },
  });

/** The time of all events in a test. */
const time = new Date('2026-01-01T00:00:00Z');

import { z } from 'zod';
import { defineEvent } from '../lib/events/define';

const noteTaken = defineEvent('note.taken', {
  stream: 'note',
  versions: [{ schema: z.strictObject({ text: z.string() }) }],
  example: { text: 'milk' },
});

/** What the measurements of the messaging send: notes of 280 characters. */
export const noteEvents = { name: 'note-events', producer: 'notes', events: [noteTaken] as const };

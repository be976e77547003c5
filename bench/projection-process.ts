import { sql } from 'kysely';
import { ordered } from '../lib/inbox/subscription/subscription';
import { noteEvents } from './notes';
import { workOff } from './work-off';

const subscription = ordered<unknown>()({
  name: 'notes',
  version: 1,
  from: noteEvents,
  on: {
    'note.taken': async ({ text }, db, { stream, version }) => {
      await sql`
        insert into notes (stream, text, version) values (${stream}, ${text}, ${version})
        on conflict (stream) do update set text = excluded.text, version = excluded.version`.execute(db);
    },
  },
});

// A projection.
void workOff('reader', subscription);

import { noteQueue } from '../queue';
import { markSeen, streamOf, versionOf, workOffBare, type Apply } from './lanes';

const upsert = {
  name: 'upsert',
  text: `insert into notes (stream, text, version) values ($1, $2, $3)
    on conflict (stream) do update set text = excluded.text, version = excluded.version`,
};

/** The same upserts and marks as the projection's, a transaction for each batch. */
const apply: Apply = async (client, batch) => {
  await client.query('begin');
  for (const message of batch) {
    const { text } = JSON.parse(message.content.toString()) as { text: string };
    await client.query({ ...upsert, values: [streamOf(message), text, versionOf(message)] });
  }
  await markSeen(client, batch);
  await client.query('commit');
};

// The limit for a projection.
void workOffBare(noteQueue.queue, (stream) => Number(stream.slice('note-'.length)), apply);

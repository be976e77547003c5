import { expect, test } from '@jest/globals';
import { eventually, whileItChanges } from '../lib-support/eventually';
import { createInboxWorld, newStream, note, notes, queueName } from '../lib-support/inbox';

const [streams, versions] = [100, 100];

test('a consumer that was down while 10,000 events were published works off all of them, each once, in order', async () => {
  const world = await createInboxWorld();
  try {
    const before = await world.consume(notes('backlog'));
    await before.stop();
    const names = Array.from({ length: streams }, newStream);
    for (let version = 1; version <= versions; version += 1) {
      await Promise.all(names.map((stream) => world.publish(note({ stream, version }))));
    }
    await eventually(async () => expect(await world.ready(queueName)).toBe(streams * versions));

    await world.consume(notes('backlog'));
    await whileItChanges(() => world.ready(queueName), 0);
    await eventually(async () => expect((await world.effects()).length).toBeGreaterThanOrEqual(streams * versions));
    const effects = await world.effects();
    expect(effects).toHaveLength(streams * versions);
    for (const stream of names) {
      const inOrder = effects.filter((effect) => effect.stream === stream).map(({ version }) => version);
      expect(inOrder).toEqual(Array.from({ length: versions }, (_, index) => index + 1));
    }
  } finally {
    await world.drop();
  }
}, 600_000);

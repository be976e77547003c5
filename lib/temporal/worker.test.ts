import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { latch } from '../../tests/lib-support/latch';
import { noteSignals } from '../../tests/lib-support/note-saga';
import { createNoteWorld, stepsOf, type NoteWorld } from '../../tests/lib-support/note-world';
import { startProxy, type Proxy } from '../../tests/lib-support/proxy';
import { required } from '../../tests/lib-support/required';

let line: Proxy;
let world: NoteWorld;

beforeAll(async () => {
  const [host = '', port] = required('TEMPORAL_ADDRESS').split(':');
  line = await startProxy({ host, port: Number(port) });
  world = await createNoteWorld({ address: `127.0.0.1:${line.port}` });
});
afterAll(async () => {
  await world.stop();
  await line.close();
});

test('workers outlive an outage of Temporal, and a saga under way goes on', async () => {
  const [begun, goOn] = [latch(), latch()];
  const saga = await world.start({
    shareNote: async () => {
      begun.open();
      await goOn.opened;
    },
  });
  await begun.opened;
  line.cut();
  goOn.open();
  await sleep(3_000);
  line.restore();
  await saga.signal(noteSignals.read);
  expect(await saga.result()).toBe('archived');
  expect(await stepsOf(saga)).toEqual(['writeNote', 'shareNote', 'printNote', 'announceNote', 'archiveNote']);
});

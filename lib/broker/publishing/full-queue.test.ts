import { expect, test } from '@jest/globals';
import { eventually } from '../../../tests/lib-support/eventually';
import { createRelayWorld } from '../../../tests/lib-support/relay';
import { required } from '../../../tests/lib-support/required';
import { createTestVhost } from '../../../tests/lib-support/vhost';
import { declareQueue } from '../topology/declare';
import { createManagement } from '../management';
import { namespace } from '../../config/namespace';

const queue = 'reader-note-events';
const beside = 'writer-note-events';
const types = Array.from({ length: 8 }, (_, index) => `note.number-${index}`);

test('a full queue gets what it refused once there is room, and the queues beside it never wait', async () => {
  const vhost = await createTestVhost();
  const management = createManagement({ url: required('RABBITMQ_MANAGEMENT_URL'), amqpUrl: vhost.url });
  const world = await createRelayWorld({
    vhost,
    bind: async (channel, exchange) => {
      // The real exchange, with its alternate exchange: refused messages must not go there either.
      await channel.deleteExchange(exchange);
      await declareQueue(channel, { queue, exchange, bindings: ['note.#'] });
      await declareQueue(channel, { queue: beside, exchange, bindings: ['note.#'] });
    },
  });
  await management.setPolicy({ name: `${namespace}.tiny`, queue, definition: { 'max-length': 2 } });
  await eventually(async () =>
    expect(await vhost.api(`queues/${vhost.name}/${queue}`)).toMatchObject({ policy: `${namespace}.tiny` }),
  );
  const waitingIn = async (name: string): Promise<number> => (await world.channel.checkQueue(name)).messageCount;
  try {
    for (const type of types) await world.append(type);
    await world.relay({ tuning: { window: 1, refusedMs: [50, 50] } });
    await eventually(async () => expect(await waitingIn(beside)).toBeGreaterThanOrEqual(types.length));
    // Refused events wait in the log: the queue is full, and nothing has gone anywhere else.
    expect(await waitingIn(queue)).toBeGreaterThan(0);
    expect(await waitingIn(queue)).toBeLessThan(types.length);

    const taken: string[] = [];
    await eventually(async () => {
      const got = await world.channel.get(queue);
      if (got) {
        taken.push(got.fields.routingKey);
        world.channel.ack(got);
      }
      expect([...new Set(taken)].sort()).toEqual(types);
    });
  } finally {
    await world.end();
    await vhost.drop();
  }
});

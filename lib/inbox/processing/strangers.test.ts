import { expect, test } from '@jest/globals';
import { eventually } from '../../../tests/lib-support/eventually';
import { inWorld, note, noteMessage, notes, queueName } from '../../../tests/lib-support/inbox';
import { namespace } from '../../config/namespace';

const consumed = 'messaging_client_consumed_messages_total';

test(
  'a known id with another body is dropped, and counted',
  inWorld(async (world) => {
    await world.consume(notes());
    const event = note();
    await world.publish(event);
    await eventually(async () => expect(await world.effects(event.stream)).toHaveLength(1));
    await world.publish({ ...event, data: JSON.stringify({ text: 'poisoned milk' }) });
    await eventually(async () => expect(await world.counted(consumed, { outcome: 'duplicate' })).toBe(1));
    expect(await world.effects(event.stream)).toEqual([{ stream: event.stream, version: 1, text: 'milk' }]);
  }),
);

test(
  'messages from the default exchange are treated like all others',
  inWorld(async (world) => {
    await world.consume(notes());
    const direct = { exchange: '', routingKey: queueName };
    const event = note();
    await world.publisher.publish({ ...noteMessage(event), ...direct });
    await eventually(async () => expect(await world.effects(event.stream)).toHaveLength(1));
    await world.publisher.publish({ ...noteMessage(), ...direct, content: Buffer.from('{"text":') });
    const [dead] = await eventually(async () => {
      const deadLetters = await world.deadLetters();
      expect(deadLetters).toHaveLength(1);
      return deadLetters;
    });
    expect(dead?.headers).toMatchObject({
      [`${namespace}-reason`]: 'invalid-message',
      [`${namespace}-routing-key`]: queueName,
    });
  }),
);

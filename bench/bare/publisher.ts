import { connect } from 'amqplib';
import { randomUUID } from 'node:crypto';
import { toMessage } from '../../lib/events/envelope';
import { noteEvents } from '../notes';
import { sendReport, setting } from '../once';

/** The limit for the relay: amqplib alone, messages of the same size, a window of confirms that is always full. */
async function main(): Promise<void> {
  const [events, window] = [Number(setting('BENCH_EVENTS')), 1_000];
  const connection = await connect(setting('RABBITMQ_URL'), { noDelay: true });
  const channel = await connection.createConfirmChannel();
  const { exchange, routingKey, content, properties } = toMessage(
    {
      id: randomUUID(),
      stream: 'note-1',
      version: 1,
      type: 'note.taken',
      dataVersion: 1,
      data: JSON.stringify({ text: 'x'.repeat(280) }),
      metadata: { correlationId: 'bench', traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
      time: new Date(),
    },
    { exchange: noteEvents.name, source: '/bench' },
  );
  const begin = performance.now();
  let [sent, confirmed] = [0, 0];
  const fill = (): void => {
    while (sent < events && sent - confirmed < window) {
      sent += 1;
      channel.publish(exchange, routingKey, content, { ...properties, mandatory: true }, () => {
        confirmed += 1;
        if (confirmed === events) sendReport(begin);
        else fill();
      });
    }
  };
  fill();
}

void main();

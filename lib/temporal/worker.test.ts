import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { latch } from '../../tests/lib-support/latch';
import { startProxy, type Proxy } from '../../tests/lib-support/proxy';
import { required } from '../../tests/lib-support/required';
import { anOrder, carry, createSagaWorld, stepsOf, type SagaWorld } from '../../tests/support/saga';

let line: Proxy;
let world: SagaWorld;

beforeAll(async () => {
  const [host = '', port] = required('TEMPORAL_ADDRESS').split(':');
  line = await startProxy({ host, port: Number(port) });
  world = await createSagaWorld({ address: `127.0.0.1:${line.port}` });
});
afterAll(async () => {
  await world.stop();
  await line.close();
});

test('workers outlive an outage of Temporal, and a saga under way goes on', async () => {
  const [started, goOn] = [latch(), latch()];
  const order = anOrder();
  const saga = await world.start(order, {
    authorizePayment: async () => {
      started.open();
      await goOn.opened;
      return world.steps.authorizePayment(order);
    },
  });
  await started.opened;
  line.cut();
  goOn.open();
  await sleep(3_000);
  line.restore();
  await carry(saga);
  expect(await saga.result()).toEqual({ status: 'delivered' });
  const steps = await stepsOf(saga);
  expect(steps).toHaveLength(new Set(steps).size);
  expect(await world.services.payments.paymentsOf(order.orderId)).toMatchObject([{ captured: order.total.amount }]);
});

import type { OrderRef, RecalledOrder, RecalledParcel } from '../contracts/saga/order';
import { bounded } from '../lib/saga/call';
import { recallOrder, recallParcel } from './steps';

/** Asks the services for the state of an order whose saga no longer exists. It changes nothing. */
export async function recallSaga(order: OrderRef): Promise<RecalledOrder & RecalledParcel> {
  const known = await recallOrder(order).run(bounded);
  return { ...known, ...(await recallParcel(order).run(bounded)) };
}

/** What each service, the gateway and the carrier have recorded about an order; undefined where there is nothing. */
export interface OrderBooks {
  orderId: string;
  /** `cancelling`: a cancellation was requested and accepted. */
  order?: { status: string; total: number; cancelling?: boolean };
  payment?: { status: string; captured: number; refunded: number };
  /** At the gateway: what is captured and not refunded, and what is only authorised. */
  gateway?: { charged: number; held: number };
  shipment?: { status: string };
  /** At the carrier: whether the parcel is booked there. */
  carrier?: { booked: boolean };
  /** Units that are reserved. */
  reserved: number;
  /** Its workflow: running, waiting for an operator, or neither. */
  saga: 'open' | 'waiting' | 'none';
}

/** The kinds of difference. */
export const driftKinds = [
  'orphan',
  'no-saga',
  'saga-too-many',
  'money-kept',
  'money-missing',
  'gateway-differs',
  'stock-kept',
  'stock-missing',
  'parcel-kept',
  'parcel-missing',
  'carrier-differs',
  'stock-sum',
  'behind',
  'chain',
] as const;
export type DriftKind = (typeof driftKinds)[number];

/** A difference: what it is about, and what to do. */
export interface Drift {
  kind: DriftKind;
  /** The order, the SKU, the stream, the queue, or the log with its positions. */
  about: string;
  detail: string;
  /** The complete command that repairs or settles it, if there is one. */
  repair?: string;
}

/** What must hold in a status of an order. `any`: it depends, or is not known yet. */
interface Rule {
  paid: 'total' | 'nothing' | 'any';
  reserved: 'some' | 'none' | 'any';
  parcel: readonly string[] | 'any';
  saga: 'open' | 'none' | 'any';
}

const noParcel = ['', 'cancelled'];
/** Statuses that are not listed are not checked. */
const rules: Readonly<Record<string, Rule>> = {
  placed: { paid: 'any', reserved: 'any', parcel: 'any', saga: 'open' },
  in_review: { paid: 'nothing', reserved: 'some', parcel: noParcel, saga: 'open' },
  confirmed: { paid: 'total', reserved: 'some', parcel: ['booked', 'dispatched', 'delivered'], saga: 'open' },
  shipped: { paid: 'total', reserved: 'none', parcel: ['dispatched', 'delivered'], saga: 'open' },
  delivered: { paid: 'total', reserved: 'none', parcel: ['delivered'], saga: 'none' },
  returned: { paid: 'nothing', reserved: 'none', parcel: 'any', saga: 'any' },
  cancelled: { paid: 'nothing', reserved: 'none', parcel: noParcel, saga: 'none' },
};

/** The differences in the records of one order. An order that waits for an operator is known already. */
export function compareBooks(books: OrderBooks): Drift[] {
  const { orderId, order, saga } = books;
  if (saga === 'waiting') return [];
  const drift = (kind: DriftKind, detail: string): Drift => ({
    kind,
    about: orderId,
    detail,
    ...repairOf(kind, orderId),
  });
  const external = [
    ...gatewayDrift(books).map((detail) => drift('gateway-differs', detail)),
    ...carrierDrift(books).map((detail) => drift('carrier-differs', detail)),
  ];
  if (!order) return [drift('orphan', `the order does not exist, but ${remainsOf(books)}`), ...external];
  const rule = rules[order.status];
  if (!rule) return external;
  return [
    ...sagaDrift(books, rule).map(([kind, detail]) => drift(kind, detail)),
    ...moneyDrift(books, rule, order.total).map(([kind, detail]) => drift(kind, detail)),
    ...goodsDrift(books, rule).map(([kind, detail]) => drift(kind, detail)),
    ...external,
  ].map((one) => ({ ...one, detail: `${order.status}: ${one.detail}` }));
}

function repairOf(kind: DriftKind, orderId: string): Pick<Drift, 'repair'> {
  if (kind === 'no-saga')
    return { repair: `npm run sagaworks -- sagas restart ${orderId} --reason "it has no workflow"` };
  if (kind === 'parcel-kept')
    return {
      repair: `npm run sagaworks -- audit settle ${orderId} --kind parcel-kept --reason "the customer keeps it"`,
    };
  return {};
}

type Found = [DriftKind, string][];

function sagaDrift({ saga, order }: OrderBooks, rule: Rule): Found {
  if (rule.saga === 'open' && saga === 'none' && order?.cancelling)
    return [['no-saga', 'its customer has cancelled it, and no workflow undoes it']];
  if (rule.saga === 'open' && saga === 'none') return [['no-saga', 'it has no workflow']];
  if (rule.saga === 'none' && saga === 'open') return [['saga-too-many', 'its workflow is still open']];
  return [];
}

function moneyDrift({ payment }: OrderBooks, rule: Rule, total: number): Found {
  const paid = payment ? payment.captured - payment.refunded : 0;
  if (rule.paid === 'nothing' && paid > 0) return [['money-kept', `${paid} is captured and not refunded`]];
  if (rule.paid === 'nothing' && payment?.status === 'authorized' && rule.saga === 'none')
    return [['money-kept', 'the payment is still authorised; void it']];
  if (rule.paid === 'total' && paid !== total)
    return [['money-missing', `its total is ${total}, but ${paid} is captured`]];
  return [];
}

function goodsDrift({ reserved, shipment }: OrderBooks, rule: Rule): Found {
  const parcel = shipment?.status ?? '';
  const found: Found = [];
  if (rule.reserved === 'none' && reserved > 0) found.push(['stock-kept', `${reserved} units are still reserved`]);
  if (rule.reserved === 'some' && reserved === 0) found.push(['stock-missing', 'nothing is reserved for it']);
  if (rule.parcel !== 'any' && !rule.parcel.includes(parcel)) {
    const isKept = rule.parcel === noParcel;
    found.push([isKept ? 'parcel-kept' : 'parcel-missing', `its parcel is ${parcel || 'not booked'}`]);
  }
  return found;
}

/** The gateway is an external system: its records are compared whatever the status of the order. */
function gatewayDrift({ payment, gateway }: OrderBooks): string[] {
  const paid = payment ? payment.captured - payment.refunded : 0;
  const held = payment?.status === 'authorized';
  const { charged = 0, held: holds = 0 } = gateway ?? {};
  return [
    ...(charged === paid ? [] : [`the gateway has charged ${charged}, the payment says ${paid}`]),
    ...(holds > 0 === held ? [] : [`the gateway holds ${holds}, the payment is ${payment?.status ?? 'missing'}`]),
  ];
}

/** The carrier is external, too. */
function carrierDrift({ shipment, carrier }: OrderBooks): string[] {
  const [here, there] = [shipment !== undefined && shipment.status !== 'cancelled', carrier?.booked ?? false];
  if (here === there) return [];
  return [`the carrier has ${there ? 'a booking' : 'no booking'}, the shipment is ${shipment?.status ?? 'missing'}`];
}

const remainsOf = ({ payment, shipment, reserved }: OrderBooks): string =>
  [
    ...(payment ? [`a payment (${payment.status})`] : []),
    ...(shipment ? [`a shipment (${shipment.status})`] : []),
    ...(reserved > 0 ? [`${reserved} reserved units`] : []),
  ].join(', ') || 'the gateway or the carrier has a record of it';

/** The reserved units of a product, by its stock and by the sum of its reservations. */
export interface StockBooks {
  sku: string;
  reserved: number;
  reservations: number;
}

export const compareStock = (stock: readonly StockBooks[]): Drift[] =>
  stock
    .filter(({ reserved, reservations }) => reserved !== reservations)
    .map(({ sku, reserved, reservations }) => ({
      kind: 'stock-sum',
      about: sku,
      detail: `${reserved} units are reserved, but its reservations add up to ${reservations}; rebuild stock or reservations`,
    }));

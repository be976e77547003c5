/** What each service, and the gateway, knows of an order; undefined where it knows nothing of it. */
export interface OrderBooks {
  orderId: string;
  /** `cancelling`: its customer has cancelled it, and that was accepted. */
  order?: { status: string; total: number; cancelling?: boolean };
  payment?: { status: string; captured: number; refunded: number };
  /** At the gateway: money moved and not given back, and what is held besides. */
  gateway?: { charged: number; held: number };
  shipment?: { status: string };
  /** At the carrier: whether the parcel is booked there. */
  carrier?: { booked: boolean };
  /** Pieces that are reserved. */
  reserved: number;
  /** Its workflow: running, waiting for an operator, or neither. */
  saga: 'open' | 'waiting' | 'none';
}

/** What two of them do not agree on. */
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
] as const;
export type DriftKind = (typeof driftKinds)[number];

/** One difference, with what it is about and what to do. */
export interface Drift {
  kind: DriftKind;
  /** The order, the SKU, the stream, or the queue. */
  about: string;
  detail: string;
  /** The command that repairs or settles it, whole, where one does. */
  repair?: string;
}

/** What must hold in a state of an order. `any`: it depends, or is not known yet. */
interface Rule {
  paid: 'total' | 'nothing' | 'any';
  reserved: 'some' | 'none' | 'any';
  parcel: readonly string[] | 'any';
  saga: 'open' | 'none' | 'any';
}

const goneOrNever = ['', 'cancelled'];
/** A state that is not named here is not judged. */
const rules: Readonly<Record<string, Rule>> = {
  placed: { paid: 'any', reserved: 'any', parcel: 'any', saga: 'open' },
  in_review: { paid: 'nothing', reserved: 'some', parcel: goneOrNever, saga: 'open' },
  confirmed: { paid: 'total', reserved: 'some', parcel: ['booked', 'dispatched', 'delivered'], saga: 'open' },
  shipped: { paid: 'total', reserved: 'none', parcel: ['dispatched', 'delivered'], saga: 'open' },
  delivered: { paid: 'total', reserved: 'none', parcel: ['delivered'], saga: 'none' },
  returned: { paid: 'nothing', reserved: 'none', parcel: 'any', saga: 'any' },
  cancelled: { paid: 'nothing', reserved: 'none', parcel: goneOrNever, saga: 'none' },
};

/** What does not add up in the books of one order. One that waits for an operator is on the desk already. */
export function compareBooks(books: OrderBooks): Drift[] {
  const { orderId, order, saga } = books;
  if (saga === 'waiting') return [];
  const drift = (kind: DriftKind, detail: string): Drift => ({
    kind,
    about: orderId,
    detail,
    ...repairOf(kind, orderId),
  });
  const outside = [
    ...gatewayDrift(books).map((detail) => drift('gateway-differs', detail)),
    ...carrierDrift(books).map((detail) => drift('carrier-differs', detail)),
  ];
  if (!order) return [drift('orphan', `There is no such order, but ${remainsOf(books)}`), ...outside];
  const rule = rules[order.status];
  if (!rule) return outside;
  return [
    ...sagaDrift(books, rule).map(([kind, detail]) => drift(kind, detail)),
    ...moneyDrift(books, rule, order.total).map(([kind, detail]) => drift(kind, detail)),
    ...goodsDrift(books, rule).map(([kind, detail]) => drift(kind, detail)),
    ...outside,
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
  if (rule.saga === 'open' && saga === 'none') return [['no-saga', 'no workflow carries it on']];
  if (rule.saga === 'none' && saga === 'open') return [['saga-too-many', 'its workflow is still open']];
  return [];
}

function moneyDrift({ payment }: OrderBooks, rule: Rule, total: number): Found {
  const paid = payment ? payment.captured - payment.refunded : 0;
  if (rule.paid === 'nothing' && paid > 0) return [['money-kept', `${paid} is captured and not refunded`]];
  if (rule.paid === 'nothing' && payment?.status === 'authorized' && rule.saga === 'none')
    return [['money-kept', 'the payment is still authorised; void it']];
  if (rule.paid === 'total' && paid !== total) return [['money-missing', `it costs ${total}, and ${paid} is captured`]];
  return [];
}

function goodsDrift({ reserved, shipment }: OrderBooks, rule: Rule): Found {
  const parcel = shipment?.status ?? '';
  const found: Found = [];
  if (rule.reserved === 'none' && reserved > 0) found.push(['stock-kept', `${reserved} pieces are still reserved`]);
  if (rule.reserved === 'some' && reserved === 0) found.push(['stock-missing', 'nothing is reserved for it']);
  if (rule.parcel !== 'any' && !rule.parcel.includes(parcel)) {
    const isKept = rule.parcel === goneOrNever;
    found.push([isKept ? 'parcel-kept' : 'parcel-missing', `its parcel is ${parcel || 'not booked'}`]);
  }
  return found;
}

/** The gateway is a third party: its books are compared whatever ours say of the order. */
function gatewayDrift({ payment, gateway }: OrderBooks): string[] {
  const paid = payment ? payment.captured - payment.refunded : 0;
  const held = payment?.status === 'authorized';
  const { charged = 0, held: holds = 0 } = gateway ?? {};
  return [
    ...(charged === paid ? [] : [`the gateway has charged ${charged}, the payment says ${paid}`]),
    ...(holds > 0 === held ? [] : [`the gateway holds ${holds}, the payment is ${payment?.status ?? 'not there'}`]),
  ];
}

/** So is the carrier. */
function carrierDrift({ shipment, carrier }: OrderBooks): string[] {
  const [here, there] = [shipment !== undefined && shipment.status !== 'cancelled', carrier?.booked ?? false];
  if (here === there) return [];
  return [
    `the carrier has ${there ? 'its parcel booked' : 'no parcel of it'}, the shipment is ${shipment?.status ?? 'not there'}`,
  ];
}

const remainsOf = ({ payment, shipment, reserved }: OrderBooks): string =>
  [
    ...(payment ? [`a payment (${payment.status})`] : []),
    ...(shipment ? [`a shipment (${shipment.status})`] : []),
    ...(reserved > 0 ? [`${reserved} reserved pieces`] : []),
  ].join(', ') || 'the gateway or the carrier knows it';

/** A product's stock, and the sum of what is reserved of it. */
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
      detail: `${reserved} pieces are reserved, its reservations add up to ${reservations}; rebuild stock or reservations`,
    }));

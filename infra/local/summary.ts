import type { SampleOrder } from './sample-orders';
import type { SagaStep } from './saga-steps';

type Print = (line: string) => void;

/** A sample order with the steps of its saga and how long each took. */
export function showOrder({ title, order }: SampleOrder, steps: readonly SagaStep[], print: Print): void {
  const why = order.reason === undefined ? '' : `: ${order.reason}${order.detail ? ` (${order.detail})` : ''}`;
  print(`\n  ${title}\n  → ${order.status}${why}`);
  for (const { activity, summary, milliseconds, outcome } of steps) {
    const time = `${milliseconds.toFixed(0)} ms`.padStart(8);
    print(`    ${activity.padEnd(17)} ${summary.padEnd(42)} ${time}   ${outcome}`);
  }
}

/** The sample orders when an earlier start has placed them: a line each, with the id to ask for. */
export function showEarlierOrders(orders: readonly SampleOrder[], print: Print): void {
  print('\n  The sample orders of an earlier start (npm start -- --fresh begins anew)');
  for (const { title, order } of orders) {
    print(`    ${order.orderId}  ${order.status.padEnd(10)} ${title}`);
  }
}

/** What a newcomer needs next. */
export interface Addresses {
  apiUrl: string;
  /** Signs in once. */
  consoleUrl: string;
  temporalUiUrl: string;
  mailUrl?: string | undefined;
  rabbitmqManagementUrl: string;
  directory: string;
  logFile: string;
  tokens: { operator: string; customer: string };
  /** The sample user; the products are there unless the samples were left out. */
  userId: string;
  hasProducts: boolean;
}

/** The addresses, two tokens, and a first request to paste. */
export function showAddresses(addresses: Addresses, print: Print): void {
  const { apiUrl, tokens, directory, logFile } = addresses;
  const management = new URL(addresses.rabbitmqManagementUrl);
  const lines: [string, string][] = [
    ['Console', addresses.consoleUrl],
    ['API', apiUrl],
    ['API documentation', `${apiUrl}/docs`],
    ['Temporal Web UI', addresses.temporalUiUrl],
    ...(addresses.mailUrl ? [['Inbox of all e-mails', addresses.mailUrl] satisfies [string, string]] : []),
    ['RabbitMQ management', `${management.origin}   (${management.username} / ${management.password})`],
    ['Application log', logFile],
    ['Addresses, tokens', `${directory}/stack.json, ${directory}/tokens.json`],
  ];
  print('');
  for (const [name, value] of lines) print(`  ${name.padEnd(20)} ${value}`);
  print(`\n  Operator token\n${tokens.operator}`);
  print(`\n  Customer token (the sample user)\n${tokens.customer}`);
  print(`\n  Try it\n${addresses.hasProducts ? placeOrder(addresses) : listProducts(addresses)}`);
  print('\n  Ctrl-C stops everything; the data stays.');
}

function placeOrder({ apiUrl, tokens, userId }: Addresses): string {
  const body = {
    userId,
    items: [{ sku: 'TEA-1', quantity: 1 }],
    payment: { token: 'tok_ok' },
    shippingAddress: { name: 'Ada', line1: '1 Saga Street', city: 'Berlin', postalCode: '10115', country: 'DE' },
  };
  const headers = [`authorization: Bearer ${tokens.customer}`, 'content-type: application/json'];
  const options = headers.map((header) => `-H '${header}'`).join(' ');
  return `curl -i ${apiUrl}/orders ${options} -H "idempotency-key: try-$(date +%s)" -d '${JSON.stringify(body)}'`;
}

const listProducts = ({ apiUrl, tokens }: Addresses): string =>
  `curl -i ${apiUrl}/products -H 'authorization: Bearer ${tokens.operator}'`;

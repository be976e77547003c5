import { randomUUID } from 'node:crypto';
import { connect, type Channel, type ConfirmChannel, type GetMessage } from 'amqplib';
import { createCaller, createManagement, vhostOf } from '../../lib/broker/management';
import type { Topology } from '../../lib/broker/topology/spec';

/** A broker of which a virtual host is dumped or restored. */
export interface BrokerAddress {
  /** Of an administrator; names the virtual host. */
  amqpUrl: string;
  managementUrl: string;
}

/** What a virtual host holds. */
export interface BrokerDump {
  topology: Topology;
  messages: Message[];
}
interface Message {
  queue: string;
  /** Text, as events are JSON. */
  body: string;
  properties: Record<string, unknown>;
}

/** Reads everything and takes nothing; no consumer may run meanwhile. */
export async function dumpBroker({ amqpUrl, managementUrl }: BrokerAddress): Promise<BrokerDump> {
  const topology = await createManagement({ url: managementUrl, amqpUrl }).read();
  const messages = await onChannel(amqpUrl, async (channel) => {
    const found: Message[] = [];
    for (const { name } of topology.queues) found.push(...(await peek(channel, name)));
    channel.nackAll(true);
    return found;
  });
  return { topology, messages };
}

async function peek(channel: Channel, queue: string): Promise<Message[]> {
  const messages: Message[] = [];
  for (let got = await next(channel, queue); got; got = await next(channel, queue)) {
    // The broker's own count of deliveries, which begins anew.
    const { 'x-delivery-count': _, ...headers } = got.properties.headers ?? {};
    const given = Object.entries({ ...got.properties, headers }).filter(([, value]) => value !== undefined);
    messages.push({ queue, body: got.content.toString(), properties: Object.fromEntries(given) });
  }
  return messages;
}
const next = (channel: Channel, queue: string): Promise<GetMessage | false> => channel.get(queue, { noAck: false });

/** Makes everything again in an empty virtual host. */
export async function restoreBroker(address: BrokerAddress, { topology, messages }: BrokerDump): Promise<void> {
  const { amqpUrl, managementUrl } = address;
  const management = createManagement({ url: managementUrl, amqpUrl });
  await onChannel(amqpUrl, async (channel) => {
    for (const { name, type, arguments: args } of topology.exchanges)
      await channel.assertExchange(name, type, { durable: true, arguments: args });
    for (const { name, arguments: args } of topology.queues)
      await channel.assertQueue(name, { durable: true, arguments: args });
    for (const { queue, exchange, routingKey } of topology.bindings)
      await channel.bindQueue(queue, exchange, routingKey);
  });
  for (const policy of topology.policies) await management.setPolicy(policy);
  await asImpersonator(address, (channel) => {
    for (const { queue, body, properties } of messages) channel.sendToQueue(queue, Buffer.from(body), properties);
    return channel.waitForConfirms();
  });
}

/** The broker checks whom a message says it is from; the users of then are not there, and this one may name any. */
async function asImpersonator(
  { amqpUrl, managementUrl }: BrokerAddress,
  run: (channel: ConfirmChannel) => Promise<void>,
): Promise<void> {
  const call = createCaller(managementUrl);
  const user = `restores-${randomUUID()}`;
  const password = randomUUID();
  await call('PUT', `users/${user}`, { password, tags: 'impersonator' });
  try {
    await call('PUT', `permissions/${encodeURIComponent(vhostOf(amqpUrl))}/${user}`, {
      configure: '',
      write: '.*',
      read: '',
    });
    const as = new URL(amqpUrl);
    [as.username, as.password] = [user, password];
    await onChannel(as.href, run);
  } finally {
    await call('DELETE', `users/${user}`);
  }
}

async function onChannel<T>(url: string, run: (channel: ConfirmChannel) => Promise<T>): Promise<T> {
  const connection = await connect(url);
  try {
    return await run(await connection.createConfirmChannel());
  } finally {
    await connection.close();
  }
}

import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { Transform, type TransformCallback } from 'node:stream';

/** A proxy to RabbitMQ on which channels can be bad: every publish on one is nacked, though the queues take it. */
export interface NackingProxy {
  port: number;
  /** Makes channels opened from now on bad, or good again; open channels stay as they are. */
  setBad(bad: boolean): void;
  close(): Promise<void>;
}

/** Forwards a free loopback port to a broker. */
export async function startNackingProxy(target: { host: string; port: number }): Promise<NackingProxy> {
  const sockets = new Set<Socket>();
  let isBad = false;
  const server = createServer((client) => {
    const upstream = connect(target);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined); // The other side ends as well.
      socket.on('close', () => [client, upstream].forEach((end) => end.destroy()));
    }
    client.pipe(upstream);
    upstream.pipe(nackingFrames(() => isBad)).pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    setBad: (bad) => {
      isBad = bad;
    },
    async close() {
      sockets.forEach((socket) => socket.destroy());
      server.close();
      await once(server, 'close');
    },
  };
}

/** A frame of AMQP 0-9-1: type, channel, size, for a method its class and id, then payload and end mark. */
const header = { channel: 1, size: 3, length: 7, classId: 7, methodId: 9 };
const methodFrame = 1;
const channelOpenOk = [20, 11] as const;
const basicAck = [60, 80] as const;
const basicNack = [60, 120] as const;

/** Passes frames from the broker, and turns the acks of bad channels into nacks, which differ only in the method. */
function nackingFrames(isBad: () => boolean): Transform {
  const bad = new Set<number>();
  let rest = Buffer.alloc(0);

  function pass(frame: Buffer): Buffer {
    if (frame[0] !== methodFrame) return frame;
    const channel = frame.readUInt16BE(header.channel);
    const isMethod = ([classId, methodId]: readonly [number, number]): boolean =>
      frame.readUInt16BE(header.classId) === classId && frame.readUInt16BE(header.methodId) === methodId;
    if (isMethod(channelOpenOk)) {
      if (isBad()) bad.add(channel);
      else bad.delete(channel);
    }
    if (isMethod(basicAck) && bad.has(channel)) frame.writeUInt16BE(basicNack[1], header.methodId);
    return frame;
  }

  return new Transform({
    transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback) {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= header.length) {
        const end = header.length + rest.readUInt32BE(header.size) + 1;
        if (rest.length < end) break;
        this.push(pass(rest.subarray(0, end)));
        rest = rest.subarray(end);
      }
      done();
    },
  });
}

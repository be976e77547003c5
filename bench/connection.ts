import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** An HTTP/1.1 connection that sends one request at a time. */
export interface Connection {
  /** Sends a whole request; resolves with the status when the whole response is there. Rejects when the connection ends. */
  send(request: string): Promise<number>;
  close(): void;
}

const endOfHead = '\r\n\r\n';

/**
 * Opens a connection that reads only the status and the length of a response: clients share the machine with what they
 * measure, so they must cost little.
 */
export async function openConnection(host: string, port: number): Promise<Connection> {
  const socket = connect(port, host);
  await once(socket, 'connect');
  socket.setNoDelay(true).setEncoding('latin1');
  return { send: (request) => send(socket, request), close: () => socket.destroy() };
}

function send(socket: Socket, request: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let received = '';
    const onData = (text: string): void => {
      received += text;
      if (!isWhole(received)) return;
      socket.off('data', onData).off('close', onClose);
      resolve(Number(received.slice(9, 12)));
    };
    const onClose = (): void => reject(new Error(`The connection ended; received: ${received.slice(0, 200)}`));
    socket.on('data', onData).on('close', onClose);
    socket.write(request);
  });
}

function isWhole(received: string): boolean {
  const end = received.indexOf(endOfHead);
  if (end < 0) return false;
  const [, length] = /\r\ncontent-length: (\d+)/i.exec(received) ?? [];
  if (length === undefined) throw new Error(`A response without a length: ${received.slice(0, end)}`);
  return received.length >= end + endOfHead.length + Number(length);
}

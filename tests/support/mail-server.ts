import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server';

/** What the server does with a message once it has read it, or before. */
export type Reception =
  | 'takes'
  | 'takes-its-time'
  | 'refuses-for-now'
  | 'refuses-for-good'
  | 'refuses-the-recipient'
  | 'hangs-up-before'
  | 'takes-and-hangs-up';

export interface ReceivedMail {
  to: string[];
  raw: string;
}

/** A real SMTP server that treats each message as planned; the last entry of the plan holds for all further ones. */
export interface MailServer {
  url: string;
  /** What it has taken. */
  taken: ReceivedMail[];
  /** Attempts that came as far as a message or a recipient. */
  attempts: number;
  will(...receptions: [Reception, ...Reception[]]): void;
  /** Whether connections are accepted. */
  isOpen: boolean;
  /** The password that is asked for, if any. */
  password: string | undefined;
  /** Whether this sender is accepted. */
  knowsTheSender: boolean;
  close(): Promise<void>;
}

/** How long a server thinks that takes its time. */
const slownessMs = 2_000;

export async function startMailServer(): Promise<MailServer> {
  let plan: Reception[] = ['takes'];
  const next = (): Reception => (plan.length > 1 ? plan.shift() : plan[0]) ?? 'takes';
  /** By connection: several may be at work. */
  const receptions = new Map<string, Reception>();
  const refusal = (code: number, why = 'Not this one') => Object.assign(new Error(why), { responseCode: code });
  const mails: MailServer = {
    url: '',
    taken: [],
    attempts: 0,
    will: (...planned) => (plan = planned),
    isOpen: true,
    password: undefined,
    knowsTheSender: true,
    close: stop,
  };

  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    logger: false,
    onConnect(_, done) {
      if (mails.isOpen) done();
      else done(refusal(554, 'Closed today'));
    },
    onAuth({ password }, _, done) {
      if (mails.password === undefined || password === mails.password) done(null, { user: 'shop' });
      else done(refusal(535, 'Wrong password'));
    },
    onMailFrom(_, __, done) {
      if (mails.knowsTheSender) done();
      else done(refusal(553, 'Sender address rejected'));
    },
    onRcptTo({ address }, session, done) {
      mails.attempts += 1;
      const current = next();
      receptions.set(session.id, current);
      if (current === 'refuses-the-recipient') done(refusal(550, `<${address}>: unknown user`));
      else if (current === 'hangs-up-before') hangUp(session.id);
      else if (current === 'takes-its-time') void sleep(slownessMs).then(() => done());
      else done();
    },
    onData(stream: SMTPServerDataStream, session, done) {
      void text(stream).then((raw) => {
        const current = receptions.get(session.id);
        const to = session.envelope.rcptTo.map(({ address }) => address);
        if (current === 'refuses-for-now') done(refusal(451));
        else if (current === 'refuses-for-good') done(refusal(554));
        else {
          mails.taken.push({ to, raw });
          if (current === 'takes-and-hangs-up') hangUp(session.id);
          else done();
        }
      });
    },
  });
  server.on('error', () => undefined); // Connections that were hung up.

  function hangUp(id: string): void {
    for (const connection of server.connections as Set<{ session: { id: string }; _socket: { destroy(): void } }>) {
      if (connection.session.id === id) connection._socket.destroy();
    }
  }
  function stop(): Promise<void> {
    return new Promise((resolve) => server.close(() => resolve()));
  }

  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  mails.url = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  return mails;
}

import { Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer';
import SmtpConnection from 'nodemailer/lib/smtp-connection';
import type { Attempt } from './domain';

/** An e-mail, ready to be sent. */
export interface Mail {
  /** The same for every attempt: a server or a reader that has it knows it again. */
  messageId: string;
  from: string;
  to: { name: string; address: string };
  subject: string;
  text: string;
  html: string;
  date: Date;
}

/** A way to a mail server. */
export interface Smtp {
  /** Tries once, and tells what is certain about it; it never throws. */
  send(mail: Mail): Promise<Attempt>;
  close(): void;
}

const timeouts = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000, dnsTimeout: 10_000 };

/**
 * Sends over one connection, which is kept while it is good. nodemailer's transports do not say whether a message had
 * been handed over when the connection was lost; its connection lets us see when it begins to read the message, which is
 * after the server has agreed to take it. From then on only the server's answer makes it certain (RFC 5321, 4.2.5).
 * @param url such as `smtp://user:password@host:587` or `smtps://…`; encrypted whenever the server can, unless it ends
 * with `?ignoreTLS=true`.
 */
export function createSmtp(url: string): Smtp {
  let open: Promise<SmtpConnection> | undefined;

  function close(): void {
    void open?.then((connection) => connection.close()).catch(() => undefined); // Never opened.
    open = undefined;
  }

  async function send(mail: Mail): Promise<Attempt> {
    let isHandedOver = false;
    try {
      const message = await new MailComposer(mail).compile().build();
      const connection = await (open ??= connect(url, () => (open = undefined)));
      const body = new Readable({
        read() {
          isHandedOver = true;
          this.push(message);
          this.push(null);
        },
      });
      await new Promise<void>((resolve, reject) => {
        connection.once('error', reject);
        connection.once('end', () => reject(new Error('The server closed the connection')));
        const envelope = { from: mail.from, to: [mail.to.address] };
        connection.send(envelope, body, (error) => (error ? reject(error) : resolve()));
      });
      connection.removeAllListeners('error').removeAllListeners('end');
      connection.on('error', () => (open = undefined)).on('end', () => (open = undefined));
      return { outcome: 'sent' };
    } catch (error) {
      close();
      return attemptOf(error as SmtpConnection.SMTPError, isHandedOver);
    }
  }

  return { send, close };
}

/** What is certain after a failure: an answer of the server always is. */
function attemptOf({ message, responseCode }: SmtpConnection.SMTPError, isHandedOver: boolean): Attempt {
  const detail = message;
  if (responseCode !== undefined) return { outcome: responseCode >= 500 ? 'bounced' : 'again', detail };
  return { outcome: isHandedOver ? 'unknown' : 'again', detail };
}

function connect(url: string, onLost: () => void): Promise<SmtpConnection> {
  const { protocol, hostname, port, username, password, searchParams } = new URL(url);
  const secure = protocol === 'smtps:';
  const connection = new SmtpConnection({
    host: hostname,
    port: Number(port) || (secure ? 465 : 25),
    secure,
    ignoreTLS: searchParams.get('ignoreTLS') === 'true',
    ...timeouts,
  });
  return new Promise((resolve, reject) => {
    connection.once('error', (error: Error) => {
      onLost();
      reject(error);
    });
    connection.once('end', onLost);
    connection.connect(() => {
      const credentials = { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
      const done = (error?: Error | null): void => {
        if (error) reject(error);
        else resolve(connection);
      };
      if (username === '') done();
      else connection.login(credentials, done);
    });
  });
}

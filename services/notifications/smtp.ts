import { Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer';
import SmtpConnection from 'nodemailer/lib/smtp-connection';
import { redact } from '../../lib/telemetry/redact';
import type { Attempt } from './domain';

/** An e-mail, ready to be sent. */
export interface Mail {
  /** The same for every attempt: a server or a mail program recognises a duplicate by it. */
  messageId: string;
  from: string;
  to: { name: string; address: string };
  subject: string;
  text: string;
  html: string;
  date: Date;
}

/** A mail server. */
export interface SmtpServer {
  /**
   * Such as `smtp://user:password@host:587` or `smtps://…`. A connection is encrypted whenever the server supports it;
   * `?requireTLS=true` sends nothing otherwise, `?ignoreTLS=true` never encrypts.
   */
  url: string;
  /** The authorities that may have signed its certificate, in PEM; default: those that Node trusts. */
  ca?: string | undefined;
}

/** A connection to a mail server. */
export interface Smtp {
  /** Tries once, and reports what is certain about the outcome; it never throws. One e-mail at a time. */
  send(mail: Mail): Promise<Attempt>;
  close(): void;
}

const timeouts = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000, dnsTimeout: 10_000 };

/**
 * Sends over one connection, which is reused while it works. nodemailer's transports do not say whether a message had
 * been handed over when the connection was lost. Its connection shows when it begins to read the message, which is after
 * the server has agreed to accept it; from then on only the server's answer is certain (RFC 5321, 4.2.5).
 * @param server a connection that is lost, or has failed, is replaced by one to the server as it is then.
 */
export function createSmtp(server: () => SmtpServer): Smtp {
  let open: SmtpConnection | undefined;

  async function send(mail: Mail): Promise<Attempt> {
    let isHandedOver = false;
    try {
      const message = await new MailComposer(mail).compile().build();
      open = open && !open.destroyed ? open : await connect(server());
      const body = new Readable({
        read() {
          isHandedOver = true;
          this.push(message);
          this.push(null);
        },
      });
      await handOver(open, { from: mail.from, to: [mail.to.address] }, body);
      return { outcome: 'sent' };
    } catch (error) {
      close();
      return attemptOf(error as SmtpConnection.SMTPError, isHandedOver);
    }
  }

  function close(): void {
    open?.close();
    open = undefined;
  }

  return { send, close };
}

function handOver(connection: SmtpConnection, envelope: SmtpConnection.Envelope, body: Readable): Promise<void> {
  return new Promise((resolve, reject) => {
    const onEnd = () => reject(new Error('The server closed the connection'));
    const cleanUp = () => connection.off('error', reject).off('end', onEnd);
    connection.on('error', reject).on('end', onEnd);
    connection.send(envelope, body, (error) => {
      cleanUp();
      if (error) reject(error);
      else resolve();
    });
  });
}

/**
 * What is certain after a failure: an answer of the server always is. A permanent refusal bounces the e-mail only when it
 * is about the recipient or the message. A refused login, connection or sender would refuse the next e-mail as well, so
 * it is retried.
 */
function attemptOf({ message, code, command, responseCode }: SmtpConnection.SMTPError, isHandedOver: boolean): Attempt {
  // Servers often repeat the address in their answer, but it is stored with the user only.
  const detail = redact(message);
  if (responseCode === undefined) return { outcome: isHandedOver ? 'unknown' : 'again', detail };
  const isAboutTheRecipient = code === 'EENVELOPE' && command !== 'MAIL FROM';
  const isAboutTheMail = isHandedOver || isAboutTheRecipient || code === 'EMESSAGE';
  return { outcome: responseCode >= 500 && isAboutTheMail ? 'bounced' : 'again', detail };
}

/** Logs in once. @throws when the server refuses the login, or does not answer. */
export async function tryServer(server: SmtpServer): Promise<void> {
  (await connect(server)).close();
}

function connect({ url, ca }: SmtpServer): Promise<SmtpConnection> {
  const { protocol, hostname, port, username, password, searchParams } = new URL(url);
  const secure = protocol === 'smtps:';
  const connection = new SmtpConnection({
    host: hostname,
    port: Number(port) || (secure ? 465 : 25),
    secure,
    ignoreTLS: searchParams.get('ignoreTLS') === 'true',
    requireTLS: searchParams.get('requireTLS') === 'true',
    ...(ca === undefined ? {} : { tls: { ca } }),
    ...timeouts,
  });
  return new Promise((resolve, reject) => {
    const done = (error?: Error | null): void => {
      if (error) {
        connection.close();
        reject(error);
      } else resolve(connection);
    };
    // The listener stays: a connection that is lost while idle is noticed at the next use.
    connection.on('error', done);
    connection.connect((error?: Error) => {
      if (error || username === '') done(error);
      else connection.login({ user: decodeURIComponent(username), pass: decodeURIComponent(password) }, done);
    });
  });
}

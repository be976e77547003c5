import { join, resolve } from 'node:path';
import { privateFolder } from '../private-folder';
import type { Ports } from '../ports';
import { startSystem, type NativeContext } from './system';

/** The number of e-mails that are kept; older ones are deleted. */
const mostMails = 20_000;

/** What Node is started with to run MailDev, behind the guard that keeps other web pages out of the inbox. */
export const inboxArguments = ({ smtp, mailWeb }: Pick<Ports, 'smtp' | 'mailWeb'>): string[] => [
  ...['--require', resolve(__dirname, '../mail-guard.js')],
  resolve(__dirname, '../../../node_modules/maildev/dist/bin/maildev.js'),
  ...['--ip', '127.0.0.1', '--smtp', String(smtp)],
  ...['--web-ip', '127.0.0.1', '--web', String(mailWeb)],
];

/** Starts MailDev: an SMTP server that delivers nothing, and an inbox in the browser that shows everything. */
export async function startMail(context: NativeContext): Promise<void> {
  const { directory, ports, steps } = context;
  const folder = privateFolder(join(directory, 'mail'));
  await steps.step(`MailDev on port ${ports.smtp}, inbox ${ports.mailWeb}`, () =>
    startSystem('mail', context, {
      command: process.execPath,
      args: [...inboxArguments(ports), '--mail-directory', folder, '--max-emails', String(mostMails)],
      env: { PATH: process.env['PATH'], HOME: folder },
    }),
  );
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findProgram, runCommand } from '../local/commands';
import { screenshotPath } from './document';
import type { SampleEmail } from './samples';

/** A browser that takes screenshots without a window; undefined when none is installed. `CHROME_PATH` names another. */
export const findBrowser = (): string | undefined =>
  findProgram([process.env['CHROME_PATH'] ?? '', 'chromium', 'chromium-browser', 'google-chrome'].filter(Boolean));

/** Takes a screenshot of each e-mail. @throws Error when the browser fails. */
export async function takeScreenshots(browser: string, emails: readonly SampleEmail[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sagaworks-emails-'));
  try {
    for (const email of emails) {
      const page = join(folder, 'email.html');
      writeFileSync(page, withHeader(email));
      const { ok, tail } = await runCommand(
        browser,
        [
          ...['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--window-size=640,340'],
          ...[`--user-data-dir=${join(folder, 'profile')}`, `--screenshot=${resolve(screenshotPath(email))}`],
          pathToFileURL(page).href,
        ],
        { timeoutMs: 60_000 },
      );
      if (!ok) throw new Error(`${browser} could not show the e-mail ${email.language} ${email.kind}:\n${tail}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The e-mail below the lines that a mail program shows. */
const withHeader = ({ html, subject, kind }: SampleEmail): string =>
  html.replace(
    /<body[^>]*>/,
    (body) => `<style>body { margin: 0 }</style>
<div style="font: 14px/1.6 Arial, sans-serif; background: #eef1f4; color: #444; padding: 12px 24px;">
From: orders@sagaworks.example<br>To: ${kind.startsWith('email_change') ? '' : 'Ada Lovelace '}&lt;ada@example.com&gt;<br><strong>${subject}</strong></div>
${body.replace('<body', '<div')}`,
  );

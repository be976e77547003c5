import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';

/** As many rounds as PostgreSQL takes by default. */
const iterations = 4_096;

/**
 * What PostgreSQL stores of a password (SCRAM-SHA-256, RFC 5802). `alter role … password` takes it in place of the
 * password, which then is in no statement, no log and no script.
 * @param salt 16 random bytes
 */
export function scramVerifier(password: string, salt: Buffer): string {
  // PostgreSQL prepares passwords with SASLprep; for everything that keyboards write, that is this normal form.
  const salted = pbkdf2Sync(password.normalize('NFKC'), salt, iterations, 32, 'sha256');
  const key = (name: string): Buffer => createHmac('sha256', salted).update(name).digest();
  const storedKey = createHash('sha256').update(key('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${key('Server Key').toString('base64')}`;
}

import { createHash } from 'node:crypto';

/**
 * What RabbitMQ stores of a password: the management API and definition files take it in place of the password.
 * @param salt 4 random bytes
 */
export const brokerPasswordHash = (password: string, salt: Buffer): string =>
  Buffer.concat([salt, createHash('sha256').update(salt).update(password).digest()]).toString('base64');

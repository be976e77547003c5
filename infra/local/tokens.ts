import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TokenIssuer } from '../../lib/http/identity/issuer';

/** The tokens that `npm start` prints. */
export interface SampleTokens {
  operator: string;
  customer: string;
}

/** The operator of the local platform; not a user. */
const operatorId = '00000000-0000-7000-8000-000000000000';
const aMonth = 30 * 24 * 60 * 60;

/** A token for the operator; valid for a month. */
export const operatorToken = (issuer: TokenIssuer): Promise<string> =>
  issuer.sign({ userId: operatorId, role: 'operator', expiresInSeconds: aMonth });

/** Makes the customer's token and keeps both in the directory, readable for their owner only. */
export async function keepTokens(
  directory: string,
  { issuer, operator, userId }: { issuer: TokenIssuer; operator: string; userId: string },
): Promise<SampleTokens> {
  const customer = await issuer.sign({ userId, role: 'customer', expiresInSeconds: aMonth });
  const tokens = { operator, customer };
  writeFileSync(fileIn(directory), `${JSON.stringify(tokens, undefined, 2)}\n`, { mode: 0o600 });
  return tokens;
}

/** The sample user of an earlier start: the bearer of the customer's token; undefined when the file is not readable. */
export function knownUserId(directory: string): string | undefined {
  if (!existsSync(fileIn(directory))) return undefined;
  try {
    const { customer } = JSON.parse(readFileSync(fileIn(directory), 'utf8')) as SampleTokens;
    const claims = JSON.parse(Buffer.from(customer.split('.')[1] ?? '', 'base64url').toString()) as { sub?: string };
    return claims.sub;
  } catch {
    // Cut off, or of another form: a new user and new tokens take its place.
    return undefined;
  }
}

const fileIn = (directory: string): string => join(directory, 'tokens.json');

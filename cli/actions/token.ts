import type { RoleName } from '../../contracts/http/roles';
import { anyCaseId } from '../../lib/ids/ids';
import { UsageError } from '../failures';
import { print, type OutputOptions } from '../output';
import { tokenIssuerOf } from '../../workers/config/token-issuer';
import { signingKeys } from '../platform/secrets';

interface TokenOptions extends OutputOptions {
  user: string;
  role: RoleName;
}

export async function printToken({ user, role, ...output }: TokenOptions): Promise<void> {
  if (!anyCaseId.safeParse(user).success) throw new UsageError(`"${user}" is not a UUID, as the ids of users are`);
  const token = await tokenIssuerOf({ ...process.env, TOKEN_SIGNING_KEYS: signingKeys() }).sign({ userId: user, role });
  print({ token }, output, () => token);
}

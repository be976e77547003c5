import { roles } from '../../contracts/http/roles';
import { createTokens, type operatorRole } from '../../lib/http/tokens';
import { anyCaseId } from '../../lib/ids/ids';
import { UsageError } from '../failures';
import { print, type OutputOptions } from '../output';
import { tokenSecret } from '../platform/secrets';

interface TokenOptions extends OutputOptions {
  user: string;
  role: (typeof roles)[number] | typeof operatorRole;
}

export async function printToken({ user, role, ...output }: TokenOptions): Promise<void> {
  if (!anyCaseId.safeParse(user).success) throw new UsageError(`"${user}" is not a UUID, as the ids of users are`);
  const token = await createTokens({ secret: tokenSecret(), roles }).sign({ userId: user, role });
  print({ token }, output, () => token);
}

import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { programOf } from './program';

/** The name that the provider's tokens give the API that they are for. */
export const providerAudience = 'https://api.notes.example';
/** The claim in which it names the role `staff`. */
export const providerRoleClaim = 'https://notes.example/roles';

/** A real OpenID provider with one client, whose id is a UUID. */
export interface IdentityProvider {
  issuer: string;
  clientId: string;
  /** An access token of the client for itself, by the client-credentials grant. */
  token(scope?: string): Promise<string>;
  stop(): Promise<void>;
}

export async function startIdentityProvider(): Promise<IdentityProvider> {
  const [clientId, secret] = [randomUUID(), randomUUID()];
  const { file, execArgv } = programOf('tests/lib-support/identity-provider-process.ts');
  const child = fork(file, [clientId, secret], {
    execArgv,
    // Its warnings about not being for production.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const [{ issuer }] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`The provider exited with ${String(code)}`))),
  ])) as [{ issuer: string }];
  return {
    issuer,
    clientId,
    async token(scope = 'notes:read notes:write') {
      const response = await fetch(`${issuer}/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` },
        body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
      });
      const answer = (await response.json()) as { access_token?: string };
      if (answer.access_token === undefined) throw new Error(`No token: ${JSON.stringify(answer)}`);
      return answer.access_token;
    },
    async stop() {
      const exited = once(child, 'exit');
      child.kill();
      await exited;
    },
  };
}

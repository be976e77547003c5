import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';

// A certified OpenID provider in its own process, because its package is an ES module that Jest cannot load. It sends its
// address when it listens.

/** The program that gets tokens for itself. */
const client = {
  client_id: process.argv[2] ?? '',
  client_secret: process.argv[3] ?? '',
  grant_types: ['client_credentials'],
  redirect_uris: [],
  id_token_signed_response_alg: 'ES256',
  response_types: [],
};

const audience = 'https://api.notes.example';
const configuration = {
  clients: [client],
  jwks: {
    keys: [{ ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }), use: 'sig' }],
  },
  scopes: ['notes:read', 'notes:write'],
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => audience,
      getResourceServerInfo: () => ({
        audience,
        scope: 'notes:read notes:write',
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'ES256' } },
      }),
    },
  },
  extraTokenClaims: () => ({ 'https://notes.example/roles': ['staff'] }),
};

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  server.on('request', new Provider(issuer, configuration).callback());
  process.send?.({ issuer });
});

import { expect, test } from '@jest/globals';
import { sign, verifySignature } from './signature';

const secret = 'a secret of the test';
const body = '{"note":"grüße"}';
const now = new Date('2026-01-01T00:00:00Z');
const at = (seconds: number): string => String(now.getTime() / 1000 + seconds);
const signed = (timestamp: string) => ({ timestamp, signature: sign(secret, timestamp, body), body });
const refused = expect.objectContaining({ code: 'signature-invalid' });

test('a signature is the HMAC-SHA256 that any other tool computes', () => {
  // printf '%s' '1767225600.{"a":1}' | openssl dgst -sha256 -hmac 'a secret of the test'
  expect(sign(secret, '1767225600', '{"a":1}')).toBe(
    '7ce31777f0d4f851555d6b8a56385f1671cdd262638a7967fdde33b2c0bd85a4',
  );
});

test('a signed message is accepted: as text or bytes, with or without the prefix, in either case', () => {
  const { timestamp, signature } = signed(at(0));
  for (const form of [signature, `sha256=${signature}`, signature.toUpperCase()])
    for (const sent of [body, Buffer.from(body)])
      expect(() => verifySignature([secret], { timestamp, signature: form, body: sent }, now)).not.toThrow();
});

test.each([
  ['another body', { body: `${body} ` }],
  ['another time', { timestamp: at(1) }],
  ['a shifted border between time and body', { timestamp: at(0).slice(0, -1), body: `${at(0).slice(-1)}.${body}` }],
  ['no signature', { signature: '' }],
  ['half a signature', { signature: signed(at(0)).signature.slice(0, 32) }],
  ['a signature that is no hex', { signature: 'ü'.repeat(64) }],
  ['the signature of another secret', { signature: sign('another secret', at(0), body) }],
])('%s is refused', (_what, change) => {
  expect(() => verifySignature([secret], { ...signed(at(0)), ...change }, now)).toThrow(refused);
});

test('any of the secrets may have signed, and without a secret nobody has', () => {
  expect(() => verifySignature(['another secret', secret], signed(at(0)), now)).not.toThrow();
  expect(() => verifySignature([], signed(at(0)), now)).toThrow(refused);
});

test.each([-300, 300])('%i seconds from now is within the window', (seconds) => {
  expect(() => verifySignature([secret], signed(at(seconds)), now)).not.toThrow();
});

test.each([at(-301), at(301), '', 'now', '1e9', '-1', 'Infinity'])(
  'the timestamp %p is refused, although it is correctly signed',
  (timestamp) => {
    expect(() => verifySignature([secret], signed(timestamp), now)).toThrow(refused);
  },
);

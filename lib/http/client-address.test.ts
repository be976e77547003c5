import { expect, test } from '@jest/globals';
import { clientAddress, noProxies, trustProxies } from './client-address';

const proxies = trustProxies(['10.0.0.0/8', '192.0.2.7', '2001:db8::/32']);

test.each<[string, string, string | undefined, string]>([
  ['a client that connects itself', '198.51.100.1', undefined, '198.51.100.1'],
  ['a client that connects itself and claims another address', '198.51.100.1', '203.0.113.9', '198.51.100.1'],
  ['a client behind a proxy', '10.1.2.3', '198.51.100.1', '198.51.100.1'],
  ['a client behind two proxies', '10.1.2.3', '198.51.100.1, 192.0.2.7', '198.51.100.1'],
  ['a client behind a proxy that claims another address', '10.1.2.3', '203.0.113.9, 198.51.100.1', '198.51.100.1'],
  ['a client that claims to be a proxy', '10.1.2.3', '203.0.113.9, 10.9.9.9, 198.51.100.1', '198.51.100.1'],
  ['a proxy that forwards nothing', '10.1.2.3', undefined, '10.1.2.3'],
  ['a proxy that forwards no address', '10.1.2.3', '198.51.100.1, unknown', '10.1.2.3'],
  ['proxies only', '10.1.2.3', '10.0.0.9', '10.0.0.9'],
  ['an IPv4 address on a dual-stack socket', '::ffff:10.1.2.3', '::ffff:198.51.100.1', '198.51.100.1'],
  ['an address with a port', '10.1.2.3', '198.51.100.1:4711', '198.51.100.1'],
  ['an IPv6 address with a port', '2001:db8::1', '[2001:db9::5]:4711', '2001:db9::5'],
])('%s', (_, remote, forwardedFor, expected) => {
  expect(clientAddress(remote, forwardedFor, proxies)).toBe(expected);
});

test('without trusted proxies the header is ignored', () => {
  expect(clientAddress('10.1.2.3', '198.51.100.1', noProxies)).toBe('10.1.2.3');
});

test.each(['localhost', '10.0.0.0/33', '10.0.0.0/', '10.0.0/8', '2001:db8::/129', '10.0.0.0/8/8', '*', ''])(
  '"%s" is neither an address nor a network',
  (network) => {
    expect(() => trustProxies([network])).toThrow('is neither an address nor a network');
  },
);

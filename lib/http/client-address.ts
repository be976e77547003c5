import { BlockList, isIP } from 'node:net';

/** Whether an address is that of a proxy whose `X-Forwarded-For` is believed. */
export type TrustedProxies = (address: string) => boolean;

export const noProxies: TrustedProxies = () => false;

const prefixes = { ipv4: 32, ipv6: 128 } as const;
/** An IPv4 address as a dual-stack socket reports it. */
const mapped = /^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i;
/** Proxies may add a port: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
const withPort = /^(?:\[([^\]]+)\](?::\d+)?|(\d+\.\d+\.\d+\.\d+):\d+)$/;

/**
 * Trusts the proxies at these addresses and networks.
 * @param networks such as `10.0.0.7`, `10.0.0.0/8`, `2001:db8::/32`
 * @throws Error that names the first that is neither.
 */
export function trustProxies(networks: readonly string[]): TrustedProxies {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits, ...rest] = network.split('/');
    const family = familyOf(address);
    const longest = family ? prefixes[family] : 0;
    const prefix = bits ?? String(longest);
    const isValid = /^\d{1,3}$/.test(prefix) && Number(prefix) <= longest && rest.length === 0;
    if (!family || !isValid) throw new Error(`"${network}" is neither an address nor a network such as 10.0.0.0/8`);
    list.addSubnet(address, Number(prefix), family);
  }
  return (address) => {
    const family = familyOf(address);
    return family !== undefined && list.check(address, family);
  };
}

/**
 * The address of a client: the first from the right in `X-Forwarded-For` that is not a trusted proxy's, beginning with
 * the remote address of the connection. What a client writes into that header itself is left of it, so it is ignored.
 * An entry that is no address ends the search.
 */
export function clientAddress(remote: string, forwardedFor: string | undefined, isTrusted: TrustedProxies): string {
  let client = plain(remote);
  const hops = forwardedFor?.split(',') ?? [];
  while (isTrusted(client)) {
    const hop = plain(hops.pop() ?? '');
    if (isIP(hop) === 0) return client;
    client = hop;
  }
  return client;
}

const plain = (address: string): string => {
  const trimmed = address.trim();
  const [, six, four] = withPort.exec(trimmed) ?? [];
  return (six ?? four ?? trimmed).replace(mapped, '');
};

const familyOf = (address: string): keyof typeof prefixes | undefined => {
  const version = isIP(address);
  return version === 0 ? undefined : `ipv${version as 4 | 6}`;
};

import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';

/** Places that are reached from this machine or its network only. */
const PRIVATE = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  PRIVATE.addSubnet(network, prefix, 'ipv4');
PRIVATE.addAddress('::', 'ipv6');
PRIVATE.addAddress('::1', 'ipv6');
PRIVATE.addSubnet('fc00::', 7, 'ipv6');

/** Where clouds keep the keys of their machines. */
const LINK_LOCAL = new BlockList();
LINK_LOCAL.addSubnet('169.254.0.0', 16, 'ipv4');
LINK_LOCAL.addSubnet('fe80::', 10, 'ipv6');
LINK_LOCAL.addAddress('fd00:ec2::254', 'ipv6');

export type NetworkPlace = 'public' | 'private' | 'link-local';

/** Where the host of an address lies; the nearest when its name has several places. A name unknown here is public. */
export async function networkPlace({ hostname }: URL): Promise<NetworkPlace> {
  const host = hostname.replace(/^\[|\]$/g, '');
  const addresses = isIP(host)
    ? [host]
    : await lookup(host, { all: true }).then(
        (found) => found.map(({ address }) => address),
        () => [],
      );
  // an IPv4 address in the form of an IPv6 one is checked by BlockList as what it is
  const isIn = (list: BlockList) => addresses.some((each) => list.check(each, isIP(each) === 6 ? 'ipv6' : 'ipv4'));
  if (isIn(LINK_LOCAL)) return 'link-local';
  return isIn(PRIVATE) ? 'private' : 'public';
}

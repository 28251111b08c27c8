/** `transport` of a server: what its `endpoint` is. */
import { type Address, addressFix, addressRule, addressText, type Checker, oneOf } from '../../core/config/schema/index.ts';

export const transport = oneOf(['tcp', 'unix'], {
  default: 'tcp',
  notSupported: ['tcp4', 'tcp6', 'npipe', 'udp', 'udp4', 'udp6', 'ip', 'ip4', 'ip6', 'unixgram', 'unixpacket'],
});

/** Bytes of a path in `sockaddr_un` (unix(7)), without the zero at its end. */
const longest = 107;
const example = 'write the path of the socket, e.g. /run/meterbridge/otlp.sock';

/**
 * Checks `endpoint` against `transport`: `HOST:PORT`, or the path of a socket.
 * @param usual the component's usual address, for messages
 */
export function checkTransport(usual: string) {
  return (settings: Settings, on: Checker): void => check(settings, on, usual);
}

interface Settings {
  readonly transport: 'tcp' | 'unix';
  readonly endpoint: Address;
}

function check({ transport, endpoint }: Settings, on: Checker, usual: string): void {
  const refuse = (rule: string, fix: string): void => on.refuse('endpoint', JSON.stringify(addressText(endpoint)), rule, fix);
  if (transport === 'tcp' && endpoint.path !== undefined) refuse(addressRule, fixOf(endpoint.path, usual));
  if (transport === 'tcp') return;
  const bytes = Buffer.byteLength(endpoint.path ?? '');
  if (process.platform === 'win32')
    on.refuse('transport', 'unix', 'Windows has named pipes instead of such sockets', 'write tcp');
  else if (endpoint.path === undefined) refuse('with transport: unix it is a path, and this is HOST:PORT', example);
  else if (bytes === 0) refuse('with transport: unix it is a path', example);
  else if (endpoint.path.startsWith('@') || endpoint.path.includes('\0'))
    refuse('a socket without a file is open to every user of this machine, and not supported', example);
  else if (bytes > longest)
    refuse(`the path of a socket has at most ${longest} bytes, and this one has ${bytes}`, 'choose a shorter path');
}

function fixOf(path: string, usual: string): string {
  const isPath = path.includes('/') && !/^\w+:\/\//.test(path);
  return isPath ? 'write transport: unix beside it, or HOST:PORT' : addressFix(path, usual);
}

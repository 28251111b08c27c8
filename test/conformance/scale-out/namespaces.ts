/**
 * Network namespaces of a test's own, joined by a bridge in one more, with this process beside them: each has an address and its
 * own ports, and goes away with the test. Linux, as root.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { folderWith } from '../../examples/example.ts';
import { type Child, startChild } from '../child.ts';

export interface Network {
  /** In a new namespace; its name within the network is its own. */
  add(): Host;
  /** Says what a name means in every namespace, as its DNS would. */
  resolve(name: string, addresses: readonly string[]): void;
}

export interface Host {
  readonly address: string;
  start(program: string, args: readonly string[], env?: Readonly<Record<string, string>>): Child;
}

/** Of RFC 2544, for tests of networks: routed nowhere. Another one for each process. */
const net = `198.18.${process.pid % 256}`;
const ours = 'meterbridge-';

const ip = (...args: readonly string[]) => execFileSync('ip', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** Undefined, and the test is skipped aloud, where namespaces are not permitted. */
export function createNetwork(t: TestContext): Network | undefined {
  const { file: hosts } = folderWith(t, 'hosts', '');
  const made: string[] = [];
  const children: Child[] = [];
  const remove = async () => {
    await Promise.all(children.map((child) => child.stop()));
    for (const name of made.splice(0).reverse()) ip('netns', 'delete', name);
  };
  const namespace = (suffix: string) => {
    const name = `${ours}${process.pid}-${suffix}`;
    ip('netns', 'add', name);
    made.push(name);
    return name;
  };
  try {
    removeLeftOvers();
    const hub = namespace('hub');
    ip('-netns', hub, 'link', 'add', 'bridge', 'type', 'bridge');
    ip('-netns', hub, 'link', 'set', 'bridge', 'up');
    const outside = `mb${process.pid}`;
    ip('link', 'add', outside, 'type', 'veth', 'peer', 'name', 'outside', 'netns', hub);
    ip('-netns', hub, 'link', 'set', 'outside', 'master', 'bridge', 'up');
    ip('address', 'add', `${net}.1/24`, 'dev', outside);
    ip('link', 'set', outside, 'up');
    // Mounting is the other thing that may be forbidden.
    ip('netns', 'exec', hub, 'mount', '--bind', hosts, '/etc/hosts');
    t.after(remove);
    return Object.freeze({
      add: () => addHost(t, hub, namespace, hosts, children),
      resolve: (name: string, addresses: readonly string[]) => resolve(hosts, name, addresses),
    });
  } catch (error) {
    void remove();
    const reason = `no network namespaces here: ${String((error as { stderr?: string }).stderr ?? error).trim()}`;
    process.stderr.write(`skipped: ${t.name}: ${reason}\n`);
    t.skip(`skipped: ${reason}`);
    return undefined;
  }
}

let members = 1;

function addHost(t: TestContext, hub: string, namespace: (suffix: string) => string, hosts: string, children: Child[]): Host {
  members += 1;
  const address = `${net}.${members}`;
  const name = namespace(String(members));
  const port = `port${members}`;
  ip('-netns', hub, 'link', 'add', port, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
  ip('-netns', hub, 'link', 'set', port, 'master', 'bridge', 'up');
  ip('-netns', name, 'address', 'add', `${address}/24`, 'dev', 'eth0');
  for (const device of ['eth0', 'lo']) ip('-netns', name, 'link', 'set', device, 'up');
  const within = ['netns', 'exec', name, 'sh', '-c', 'mount --bind "$0" /etc/hosts && exec "$@"', hosts];
  return Object.freeze({
    address,
    // Each of these programs replaces the one before: the child is the program, and so is what a signal reaches.
    start(program: string, args: readonly string[], env = {}) {
      const child = startChild(t, 'ip', [...within, program, ...args], env);
      children.push(child);
      return child;
    },
  });
}

/** In its place: the file is mounted. */
function resolve(hosts: string, name: string, addresses: readonly string[]): void {
  writeFileSync(hosts, ['127.0.0.1 localhost', ...addresses.map((address) => `${address} ${name}`), ''].join('\n'));
}

/** Of tests that were killed. */
function removeLeftOvers(): void {
  const names = ip('netns', 'list')
    .split('\n')
    .map((line) => line.split(' ')[0] ?? '');
  for (const name of names.filter((one) => one.startsWith(ours))) {
    const [, pid] = name.split('-');
    if (!isAlive(Number(pid))) ip('netns', 'delete', name);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

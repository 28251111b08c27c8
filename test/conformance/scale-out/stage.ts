/**
 * The recipe at work: three nodes, two Collectors in front of them and a Prometheus behind, each program but the last in a
 * namespace of its own.
 */
import type { TestContext } from 'node:test';
import { requirePeer } from '../peers.ts';
import { type Balancer, type Fleet, startBalancer, startFleet } from './fleet.ts';
import { createNetwork, type Network } from './namespaces.ts';
import { type Node, type NodeOptions, startNode } from './node.ts';

export interface Stage extends Fleet {
  readonly network: Network;
  /** Those that DNS has; in the test's hands. */
  readonly nodes: Node[];
  readonly balancers: readonly Balancer[];
  /** DNS has these nodes from now on. */
  announceNodes(): void;
  /** How many series a query gives now. */
  shown(query: string): Promise<number>;
}

export interface StageOptions {
  /** Of the first, the second and the third node. */
  readonly node: (at: number) => NodeOptions;
  /** Laid over the configuration of the Collectors. */
  readonly over?: readonly string[];
}

/** Undefined, and the test is skipped aloud, where a peer or namespaces are missing. */
export async function createStage(t: TestContext, { node, over = [] }: StageOptions): Promise<Stage | undefined> {
  const collector = requirePeer(t, 'collector');
  const server = collector === undefined ? undefined : requirePeer(t, 'prometheus3');
  const network = server === undefined ? undefined : createNetwork(t);
  if (collector === undefined || server === undefined || network === undefined) return undefined;
  const nodes = await Promise.all([0, 1, 2].map((at) => startNode(t, network.add(), node(at))));
  const fleet = await startFleet(t, network, server);
  const announceNodes = () => fleet.announce(nodes.map(({ host }) => host));
  announceNodes();
  const balancers = await Promise.all([0, 1].map(() => startBalancer(network.add(), collector, ...over)));
  const shown = async (query: string) => (await fleet.prometheus.query(query)).length;
  return { ...fleet, network, nodes, balancers, announceNodes, shown };
}

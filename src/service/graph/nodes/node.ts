/** A component as a node of the graph. */
import type { Address, Plain } from '../../../core/config/schema/index.ts';
import type { Consume, Exporter, Extension, Kind } from '../../component.ts';
import { addressesConflict } from '../../config/index.ts';
import type { NodeFacts } from '../../watch/node-facts.ts';
import { createGate, type Gate } from '../gate.ts';

export type AnyComponent = Extension & Pick<Exporter, 'handOver' | 'takeOver'>;

export interface Node {
  readonly kind: Kind | 'service';
  /** As in the file. */
  readonly id: string;
  /** For lines: `exporter prometheus`, `processor batch (metrics)`. There is one node of a name. */
  readonly name: string;
  readonly type: string;
  /** Its settings, secrets as `[REDACTED]`. */
  readonly settings: () => Plain | undefined;
  readonly facts: NodeFacts;
  /** Its settings. A new configuration keeps the node whose name and text it has, too. */
  readonly text: string;
  readonly addresses: readonly Address[];
  /** Those that it alone writes. */
  readonly files: readonly string[];
  readonly component: AnyComponent;
  /** Of an exporter or a processor: hands it a batch. */
  readonly consume: Consume;
  /** Holds batches back while the node is not to have any. */
  readonly gate: Gate;
  /** Of a processor or a receiver: changes whom it feeds, from its next batch on. */
  feed(next: Consume): void;
  /** Called when the graph that holds the node begins to work. */
  inUse(): void;
  /** Called once, behind `component.shutdown`. */
  gone(): void;
}

export interface Made {
  readonly component: AnyComponent;
  readonly consume?: Consume;
  readonly facts: NodeFacts;
  inUse?(): void;
  gone?(): void;
}

export interface NodeParts extends Pick<Node, 'kind' | 'id' | 'name' | 'type' | 'text' | 'settings' | 'addresses' | 'files'> {
  /** @param next stays the same when a reload changes whom the node feeds */
  make(next: Consume): Made;
}

const feedsNone: Consume = () => undefined;

export function createNode({ make, ...parts }: NodeParts): Node {
  let next = feedsNone;
  const { component, consume = feedsNone, facts, inUse = () => {}, gone = () => {} } = make((batch) => next(batch));
  const gate = createGate(consume);
  return Object.freeze({
    ...parts,
    facts,
    component,
    consume: gate.consume,
    gate,
    feed(to: Consume) {
      next = to;
    },
    inUse,
    gone,
  });
}

/** Whether two nodes cannot work at a time: they need one address or file. */
export function nodesConflict(one: Node, other: Node): boolean {
  if (one.files.some((path) => other.files.includes(path))) return true;
  return one.addresses.some((a) => other.addresses.some((b) => addressesConflict(a, b)));
}

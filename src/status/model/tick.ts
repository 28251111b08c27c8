/** `/api/events`: the message that an `EventSource` gets once a second, as `data`. The name of the event is `tick`. */
import type { Queue } from './graph.ts';
import type { At } from './rates.ts';

export interface Tick {
  readonly at: At;
  /**
   * By `FROM > TO (PIPELINE)`, as `edgeKey` makes it: points per second over the last 5 s, and totals of refused and failed
   * points.
   */
  readonly edges: Readonly<Record<string, TickFlow>>;
  /** By a node's key. */
  readonly nodes: Readonly<Record<string, TickNode>>;
  /** Changes when nodes or edges came or went, or a setting changed: the page asks for `/api/graph` again. */
  readonly graph: number;
  /** Changes with each refusal: the page asks for `/api/refusals` again. */
  readonly refusals: number;
  readonly producers?: { readonly known: number; readonly silent: number };
  /** In all stores. */
  readonly series: number;
  readonly scrapes: number;
  readonly memory?: { readonly used: number; readonly limit: number };
}

export interface TickFlow {
  readonly now?: number;
  readonly total: number;
  readonly refused: number;
  readonly failed: number;
}

export interface TickNode {
  readonly state: 'starting' | 'working' | 'failing' | 'blocked';
  readonly queue?: Queue;
  /** Points per second that it received, or sent. */
  readonly now?: number;
}

/** How `Tick.edges` names an edge. */
export function edgeKey({
  from,
  to,
  pipeline,
}: {
  readonly from: string;
  readonly to: string;
  readonly pipeline?: string | undefined;
}): string {
  return pipeline === undefined ? `${from} > ${to}` : `${from} > ${to} (${pipeline})`;
}

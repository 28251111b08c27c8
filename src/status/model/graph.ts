/** `/api/graph`: what is wired to what, and what flows. */
import type { At, Rate } from './rates.ts';

/**
 * `source`, `store` and `reader` are a bridge's: who records, what keeps the values, and who gets them. The others are the
 * Collector's.
 */
export type NodeKind = 'receiver' | 'processor' | 'exporter' | 'extension' | 'service' | 'source' | 'store' | 'reader';

export interface Graph {
  readonly at: At;
  /** In the order in which they start reversed: receivers, processors by pipeline, exporters, extensions, service. */
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** As in `service.pipelines`. Empty for a bridge. */
  readonly pipelines: readonly Pipeline[];
  /** The newest first, at most 20. */
  readonly reloads: readonly Reload[];
}

export interface GraphNode {
  /** Unlike that of any other node: `receiver otlp`, `processor batch (metrics)`. */
  readonly key: string;
  readonly kind: NodeKind;
  /** As in the file: `otlp`, `batch/2`. */
  readonly id: string;
  readonly type: string;
  /** Of a processor: its pipeline. */
  readonly pipeline?: string;
  /**
   * `starting`: it does not work yet. `working`. `failing`: its newest batch, or its newest attempt to deliver, failed.
   * `blocked`: its queue is full.
   */
  readonly state: 'starting' | 'working' | 'failing' | 'blocked';
  /** When it was made: at the start, or by a reload. */
  readonly since: At;
  /** Its settings with all defaults, secrets as `[REDACTED]`: as YAML. Absent: it has none. */
  readonly settings?: string;
  /** Where it listens, e.g. `http://127.0.0.1:4318/v1/metrics`. */
  readonly listens: readonly string[];
  readonly queue?: Queue;
  /** Its newest error. */
  readonly lastError?: { readonly at: At; readonly text: string };
  /** Points that left the graph here, for exporters: delivered, or applied to its series. */
  readonly sent?: Flow;
  /** Points that came into the graph here, for receivers. `refused` are those that its senders were told about. */
  readonly received?: Flow;
  /** Of what keeps series. */
  readonly series?: { readonly count: number; readonly limit?: number; readonly families: number; readonly familyLimit?: number };
}

/** Points. Totals count since the service's start, and never fall, whatever a reload does. */
export interface Flow {
  /** Taken. */
  readonly rate: Rate;
  readonly total: number;
  /** Rejected: the sender was told, or may be. */
  readonly refused: number;
  readonly refusedRate: Rate;
  /** Lost, because of an error. */
  readonly failed: number;
  readonly failedRate: Rate;
}

export interface GraphEdge extends Flow {
  /** Keys of nodes. */
  readonly from: string;
  readonly to: string;
  /** Absent: a bridge's. */
  readonly pipeline?: string;
}

/** Ids as in the file. */
export interface Pipeline {
  readonly id: string;
  readonly receivers: readonly string[];
  readonly processors: readonly string[];
  readonly exporters: readonly string[];
}

export interface Queue {
  /** In the unit of the queue's sizer. */
  readonly size: number;
  readonly capacity: number;
  readonly unit?: 'requests' | 'items' | 'bytes';
  /** When the oldest batch came that waits or is being sent. Absent: there is none, or it is not known. */
  readonly oldestAt?: At;
}

export interface Reload {
  readonly at: At;
  /**
   * `wrong`: the configuration breaks rules. `failed`: a component of it could not start. Either way the service goes on as it
   * was.
   */
  readonly outcome: 'done' | 'wrong' | 'failed';
  /** What has changed, or what is wrong; one sentence each. */
  readonly lines: readonly string[];
  /** Keys of nodes. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Nodes with new settings. */
  readonly replaced: readonly string[];
}

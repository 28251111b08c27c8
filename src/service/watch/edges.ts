/** Points on each edge of the graph: a few additions a batch. Totals stay when a reload makes other nodes of the same names. */
import type { Meter } from '../../status/flow/meter.ts';
import type { Meters } from '../../status/flow/meters.ts';
import { edgeKey } from '../../status/model/index.ts';
import type { Consume, Verdict } from '../component.ts';
import { type Here, remember } from './here.ts';

export interface Counts {
  taken: number;
  refused: number;
  failed: number;
}

/** The three numbers with their rates. */
export interface Metered extends Counts {
  readonly meters: Readonly<Record<keyof Counts, Meter>>;
}

export interface Edge extends Metered {
  /** Keys of nodes. */
  readonly from: string;
  readonly to: string;
  readonly pipeline: string;
}

/** What is noted behind each batch. */
export interface Handed {
  /** @param told rejections were noted meanwhile */
  now(verdict: Verdict, told: boolean): void;
  /** Called while the batch is handed on; what it returns, with the verdict. */
  later(): (verdict: Verdict) => void;
}

export interface Edges {
  readonly all: ReadonlyMap<string, Edge>;
  /** Counts what goes from one node to another. */
  counted(from: string, to: string, pipeline: string, consume: Consume, handed: Handed): Consume;
  /** Those of a graph; others are forgotten. */
  keep(used: (edge: Edge) => boolean): void;
}

export function createEdges(meters: Meters, here: Here): Edges {
  const all = new Map<string, Edge>();

  function create(from: string, to: string, pipeline: string): Edge {
    const counts: Counts = { taken: 0, refused: 0, failed: 0 };
    const edge = Object.assign(counts, { from, to, pipeline, meters: metersOf(meters, counts) });
    all.set(edgeKey(edge), edge);
    return edge;
  }

  return Object.freeze({
    all,
    counted(from: string, to: string, pipeline: string, consume: Consume, handed: Handed) {
      const edge = all.get(edgeKey({ from, to, pipeline })) ?? create(from, to, pipeline);
      return counting(edge, here, consume, handed);
    },
    keep(used: (edge: Edge) => boolean) {
      for (const [key, edge] of all) {
        if (used(edge)) continue;
        all.delete(key);
        for (const meter of Object.values(edge.meters)) meters.remove(meter);
      }
    },
  });
}

export function metersOf(meters: Meters, counts: Counts): Metered['meters'] {
  return {
    taken: meters.meter(() => counts.taken),
    refused: meters.meter(() => counts.refused),
    failed: meters.meter(() => counts.failed),
  };
}

function counting(counts: Counts, here: Here, consume: Consume, handed: Handed): Consume {
  return (batch) => {
    const { points } = batch;
    const { batch: outer, told } = here;
    here.batch = batch;
    const verdict = consume(batch);
    if (verdict instanceof Promise) {
      const later = handed.later();
      void verdict.then((known) => {
        later(known);
        count(counts, here, points, known);
      });
    } else {
      handed.now(verdict, here.told !== told);
      count(counts, here, points, verdict);
    }
    here.batch = outer;
    return verdict;
  };
}

function count(counts: Counts, here: Here, points: number, verdict: Verdict): void {
  const lost = verdict?.points ?? 0;
  counts.taken += points - lost;
  if (verdict === undefined || lost === 0) return;
  remember(here, verdict.why);
  if (verdict.error === undefined) counts.refused += lost;
  else counts.failed += lost;
}

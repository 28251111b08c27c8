/** What the service knows of what flows through it, for the page. It counts while a configuration has the page's extension, and costs nothing else. */
import { createMeters, type Meters } from '../../status/flow/meters.ts';
import { createScrapeLog, type ScrapeLog } from '../../status/scrape-log.ts';
import type { Consume, Verdict } from '../component.ts';
import { createEdges, type Edges, type Handed } from './edges.ts';
import type { Here } from './here.ts';
import { createProducers, type Producers } from './producers.ts';
import { createRefusalBook, type Loss, type RefusalBook } from './refusal-book.ts';
import { createReloadLog, type ReloadLog } from './reload-log.ts';
import type { ShownSeries } from './shown.ts';

export interface Watch {
  readonly meters: Meters;
  readonly edges: Edges;
  readonly producers: Producers;
  readonly refusals: RefusalBook;
  readonly reloads: ReloadLog;
  readonly scrapes: ScrapeLog;
  /** By an exporter's key. */
  readonly shown: Map<string, ShownSeries>;
  /** Counts what one node hands to another. Keys of nodes. */
  edge(from: string, to: string, pipeline: string, consume: Consume): Consume;
  /** Counts who sends to a receiver. */
  sender(receiver: string, next: Consume): Consume;
  /** A graph begins to work. @param counts whether its edges count */
  use(counts: boolean, nodes: readonly { readonly name: string }[]): void;
  /** Called when a graph that counts has begun to work. */
  eachUse(call: () => void): void;
  /** Grows when another graph begins to work. */
  readonly changes: number;
  /** Whether a receiver says what a component behind it has said of a batch. */
  isKnown(message: string): boolean;
  /** Notes a rejection; whose it is it knows while a batch is handed on. */
  lost(loss: Loss): void;
}

/** @param clock milliseconds since 1970 */
export function createWatch(clock: () => number): Watch {
  const meters = createMeters(clock);
  const here: Here = { batch: undefined, told: 0, why: undefined };
  const refusals = createRefusalBook(meters, clock);
  const producers = createProducers(meters, clock);
  const edges = createEdges(meters, here);
  const uses: (() => void)[] = [];
  let changes = 0;
  const shown = new Map<string, ShownSeries>();

  function lost(loss: Loss): void {
    if (loss.times <= 0) return;
    here.told++;
    const producer = here.batch && producers.of(here.batch);
    if (producer !== undefined) {
      producer.refused += loss.unit === 'points' ? loss.times : 0;
      producer.lastRefusal = { at: clock(), why: loss.message ?? loss.reason };
    }
    const sender = producer && { job: producer.job, instance: producer.instance };
    refusals.add({ ...loss, ...(sender && { sender }) });
  }

  /** Behind each batch for a node: what it refused or dropped without a word of its own. */
  function losses(to: string): Handed {
    let ignored = shown.get(to)?.ignored() ?? 0;
    let before = new Map(shown.get(to)?.state().notTaken);

    function byReason(series: ShownSeries, verdict: Verdict): void {
      const { notTaken } = series.state();
      const what = verdict === undefined ? 'dropped' : 'refused';
      for (const [reason, count] of notTaken)
        lost({ by: to, reason, what, unit: 'points', times: count - (before.get(reason) ?? 0), message: verdict?.why });
      before = new Map(notTaken);
      ignored = series.ignored();
    }

    return (verdict, told) => {
      const series = shown.get(to);
      if (series !== undefined && series.ignored() !== ignored) byReason(series, verdict);
      else if (verdict !== undefined && !told)
        lost({
          by: to,
          reason: 'rejected',
          what: verdict.error ? 'failed' : 'refused',
          unit: 'points',
          times: verdict.points,
          message: verdict.why,
        });
    };
  }

  return Object.freeze({
    meters,
    edges,
    producers,
    refusals,
    reloads: createReloadLog(clock),
    scrapes: createScrapeLog(clock),
    shown,
    edge: (from: string, to: string, pipeline: string, consume: Consume) => edges.counted(from, to, pipeline, consume, losses(to)),
    sender: (receiver: string, next: Consume) =>
      producers.counted(receiver, (batch) => {
        here.batch = batch;
        const { rejected, why } = batch;
        if (rejected > 0) lost({ by: receiver, reason: 'invalid_points', what: 'refused', unit: 'points', times: rejected, message: why });
        const verdict = next(batch);
        here.batch = undefined;
        return verdict;
      }),
    use(counts: boolean, nodes: readonly { readonly name: string }[]) {
      const names = new Set(nodes.map(({ name }) => name));
      edges.keep(({ from, to }) => names.has(from) && names.has(to));
      changes++;
      if (!counts) return meters.stop();
      meters.start();
      for (const call of uses) call();
    },
    eachUse: (call: () => void) => void uses.push(call),
    isKnown: (message: string) => message === here.why,
    get changes() {
      return changes;
    },
    lost,
  });
}

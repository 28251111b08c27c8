/**
 * What the service knows of what flows through it, for the page. It counts while a configuration has the page's extension, and
 * costs nothing else.
 */
import { createMeters, type Meters } from '../../status/flow/meters.ts';
import { createScrapeLog, type ScrapeLog } from '../../status/scrape-log.ts';
import type { Consume } from '../component.ts';
import type { Limits } from '../limits.ts';
import { createEdges, type Edges } from './edges.ts';
import type { Here } from './here.ts';
import { createLosses, type Sender } from './losses.ts';
import { createProducers, type Producers } from './producers.ts';
import { type NamedLimit, reasonOf } from './reasons.ts';
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

/**
 * @param clock milliseconds since 1970
 * @param limits those that refusals name
 */
export function createWatch(clock: () => number, limits: Partial<Pick<Limits, NamedLimit>> = {}): Watch {
  const meters = createMeters(clock);
  const here: Here = { batch: undefined, told: 0, whys: new Set() };
  const refusals = createRefusalBook(meters, clock);
  const producers = createProducers(meters, clock);
  const edges = createEdges(meters, here);
  const uses: (() => void)[] = [];
  let changes = 0;
  const shown = new Map<string, ShownSeries>();

  /** By a node's key: what it has told of itself. */
  const tells = new Map<string, number>();

  const sender = () => here.batch && producers.of(here.batch);
  const losses = createLosses({ shown: (key) => shown.get(key), sender, toldBy: (key) => tells.get(key) ?? 0, note });

  function note(loss: Loss, whose: Sender): void {
    if (loss.times <= 0) return;
    here.told++;
    const reason = reasonOf(loss.reason, loss.by);
    const limit = reason?.limit && limits[reason.limit];
    if (whose === undefined || whose === 'several') {
      refusals.add({ ...loss, limit, severalSenders: whose === 'several' });
      return;
    }
    whose.refused += loss.unit === 'points' ? loss.times : 0;
    whose.lastRefusal = { at: clock(), why: loss.message ?? reason?.happened(limit) ?? loss.reason };
    refusals.add({ ...loss, limit, sender: { job: whose.job, instance: whose.instance } });
  }

  function lost(loss: Loss): void {
    tells.set(loss.by, (tells.get(loss.by) ?? 0) + 1);
    note(loss, sender());
  }

  return Object.freeze({
    meters,
    edges,
    producers,
    refusals,
    reloads: createReloadLog(clock),
    scrapes: createScrapeLog(clock),
    shown,
    edge: (from: string, to: string, pipeline: string, consume: Consume) =>
      edges.counted(from, to, pipeline, consume, losses(to)),
    sender: (receiver: string, next: Consume) =>
      producers.counted(receiver, (batch) => {
        here.batch = batch;
        const { rejected, why } = batch;
        if (rejected > 0)
          lost({ by: receiver, reason: 'invalid_points', what: 'refused', unit: 'points', times: rejected, message: why });
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
    isKnown: (message: string) => here.whys.has(message),
    get changes() {
      return changes;
    },
    lost,
  });
}

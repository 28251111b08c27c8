import type {
  Batching,
  Consume,
  ExporterContext,
  ExporterCounts,
  ExporterFactory,
  QueueState,
  SeriesState,
} from '../../component.ts';
import type { CheckedComponent } from '../../config/index.ts';
import { type KeepingContext, keepsSeries } from '../../keep/open-keep.ts';
import type { ExporterTally } from '../../telemetry/tally.ts';
import type { Showing, ShownSeries } from '../../watch/shown.ts';
import { type AttemptOptions, attempting } from '../attempt.ts';
import { counted } from '../fan-out.ts';
import { make } from './make.ts';
import type { NodeParts } from './node.ts';
import { attemptOf, givenOf, type NodeOptions, partsOf } from './parts.ts';

/** @param batching how it is to put requests together itself */
export function exporterNode(
  checked: CheckedComponent<ExporterFactory>,
  batching: Batching | undefined,
  options: NodeOptions,
): NodeParts {
  const { id, factory, settings } = checked;
  const parts = partsOf('exporter', checked);
  const keep = keepsSeries(factory) ? options.keep : undefined;
  return {
    ...parts,
    text: batching === undefined ? parts.text : `${parts.text} ${JSON.stringify(batching)}`,
    // The next one of its id loads what it has kept.
    files: keep === undefined ? parts.files : [...parts.files, keep.fileOf(id)],
    make() {
      const { given: context, facts, gone } = givenOf('exporter', id, options);
      const counts = options.tally.exporter(id);
      let state: (() => SeriesState) | undefined;
      const observed = (read: () => SeriesState) => {
        state = read;
      };
      let queue: (() => QueueState) | undefined;
      const queues: ExporterContext['queues'] = (read) => {
        queue = read;
        return countsIn(counts);
      };
      const key = `exporter ${id}`;
      let series: ShownSeries | undefined;
      const takes: KeepingContext & Showing = {
        ...context,
        ...(batching && { batching }),
        stdout: options.stdout,
        stderr: options.stderr,
        observed,
        queues,
        shows(given) {
          series = given;
        },
        watching: (handler) => options.watch.scrapes.watching(key, handler),
        ...(keep && { keep: () => keep.open(id) }),
      };
      const component = make(factory, context, () => factory.create(settings, takes));
      const attempt = attemptOf('exporter', id, context);
      return {
        component,
        facts,
        consume:
          queue === undefined ? counted(component.consume, counts, attempt) : enqueuing(component.consume, counts, attempt),
        inUse() {
          counts.state = state;
          counts.queue = queue;
          if (series !== undefined) options.watch.shown.set(key, series);
        },
        gone() {
          if (counts.state === state) counts.state = undefined;
          if (counts.queue === queue) counts.queue = undefined;
          if (options.watch.shown.get(key) === series) options.watch.shown.delete(key);
          gone();
        },
      };
    },
  };
}

/** An exporter with a queue counts by itself, but for what it fails at. */
function enqueuing(consume: Consume, counts: ExporterTally, options: AttemptOptions): Consume {
  return attempting(consume, {
    ...options,
    failed(error, points) {
      counts.enqueueFailed += points;
      options.failed(error, points);
    },
  });
}

function countsIn(tally: ExporterTally): ExporterCounts {
  return {
    sent(points) {
      tally.sent += points;
    },
    failed(points) {
      tally.failed += points;
    },
    enqueueFailed(points) {
      tally.enqueueFailed += points;
    },
  };
}

import { because, by, held, inDevelopment, oneThread, type Page, section } from './walked.ts';

const behaves = (says: string) => held('library/push/push-behaves.ts', says);
const producer = (says: string) => held('library/push/sdk/producer.test.ts', says);
const noOwn = because('no readers or exporters of a user’s own: bridge.producer goes into any reader of an SDK');

export const sdkReaders: Page = {
  title: 'Metrics SDK: readers, exporters, producers',
  sections: [
    section(
      'MetricReader',
      19,
      [1, 'is made of an exporter and what follows', noOwn],
      [
        4,
        'aggregation and temporality of the exporter, or the default',
        held('library/push/encode/baseline.test.ts', 'the temporality of each kind'),
      ],
      [1, '2,000 by default', by.measurements('none overflows as long as there are no more sets than the limit, 2,000')],
      [1, 'a filter of metrics', inDevelopment],
      [1, 'a periodic one', behaves('pushes come by themselves at the interval')],
      [1, 'the temporality that was asked for', held('library/push/encode/baseline.test.ts', 'the temporality of each kind')],
      [
        1,
        'totals stay whether recorded again or not',
        by.measurements('the limit holds over collections, and sets from before the overflow go on'),
      ],
      [
        1,
        'recorded deltas only of what was measured since',
        because('each push has a delta of each series, 0 too, so that its intervals have no gap: docs/pushing.md, "Deltas"'),
      ],
      [
        1,
        'observed ones only of what was observed since',
        by.callbacks('a set that is not observed during a successful callback has no data'),
      ],
      [1, 'totals repeat their start', by.measurements('a total begins at the first measurement of its series, and keeps that')],
      [1, 'deltas advance it', held('library/recording/delta-start.test.ts', 'all deltas of an interval have one start')],
      [1, 'a point ends when it was collected', held('library/push/encode/baseline.test.ts', 'from when that was')],
      [1, 'several readers', held('library/push/encode/baseline.test.ts', 'from when that was')],
      [
        1,
        'without side effects on each other',
        held('library/push/encode/baseline.test.ts', 'each push carries what came since the last one that arrived'),
      ],
      [1, 'none of two providers', noOwn],
      [1, 'answers to flush and shutdown', behaves('close pushes a last time, again is the same, and nothing comes after')],
    ),
    section(
      'Collect',
      2,
      [1, 'says whether it succeeded', producer('a refresh that fails is an error beside what the store holds')],
      [1, 'asks its producers', noOwn],
    ),
    section(
      'Shutdown (2)',
      4,
      [2, 'once, and nothing afterwards', behaves('close pushes a last time, again is the same, and nothing comes after')],
      [1, 'says whether it succeeded', because('bridge.close() never rejects, and logs what failed; flush() says')],
      [1, 'ends in time', behaves('close and flush end at their deadline when nobody answers')],
    ),
    section(
      'Periodic exporting MetricReader',
      5,
      [2, 'batches of limited size', behaves('many points go out in several requests, all of them')],
      [2, 'one collection after the other, never in one batch', behaves('many points go out in several requests, all of them')],
      [1, 'one export at a time', behaves('close in the middle of a push that gets no answer still pushes')],
    ),
    section(
      'ForceFlush (2)',
      5,
      [2, 'collects and exports', behaves('a flush posts the store as OTLP')],
      [2, 'says whether it succeeded', behaves('a receiver that is absent and then appears')],
      [1, 'ends in time', behaves('close and flush end at their deadline when nobody answers')],
    ),
    section(
      'MetricExporter',
      2,
      [1, 'implements an interface', noOwn],
      [1, 'tells of a temporality that it does not have', held('library/push/settings/settings.test.ts', 'refused: ')],
    ),
    section('Interface Definition', 1, [1, 'export, flush, shutdown', noOwn]),
    section(
      'Export(batch)',
      4,
      [1, 'has the scope of each metric', behaves('a flush posts the store as OTLP')],
      [2, 'ends in time', behaves('close and flush end at their deadline when nobody answers')],
      [
        1,
        'retries are not the SDK’s, but the exporter’s',
        held('net/otlp-client/sender.test.ts', 'attempts go on after the pauses that are handed in'),
      ],
    ),
    section(
      'ForceFlush (3)',
      4,
      [3, 'soon, in time, and says whether it succeeded', behaves('close and flush end at their deadline when nobody answers')],
      [1, 'is for rare use', because('docs/recipes.md says where: before a Lambda freezes')],
    ),
    section('Shutdown (3)', 2, [2, 'once, in time', behaves('close and flush end at their deadline when nobody answers')]),
    section(
      'MetricProducer',
      2,
      [1, 'an interface for other sources', producer('the numbers written here are those of the SDK')],
      [
        1,
        'of any temporality',
        because(
          'bridge.producer is cumulative: an SDK’s reader leaves temporality to it, and deltas would need a state for each reader',
        ),
      ],
    ),
    section('Interface Definition (2)', 1, [
      1,
      'it produces',
      producer('a histogram has its bounds, its buckets one by one, sum and count'),
    ]),
    section(
      'Produce batch',
      5,
      [1, 'points', producer('a store of several slices is collected whole')],
      [1, 'by a filter, early', inDevelopment],
      [1, 'a resource is handed in', because('the reader of JavaScript’s SDK replaces it with its provider’s')],
      [1, 'says whether it succeeded', producer('a refresh that fails is an error beside what the store holds')],
      [1, 'one scope of its own', because('metrics keep the scopes of their meters, which are what people look for')],
    ),
    section('Interface Definition (3)', 1, [1, 'a filter tests metrics and attributes', inDevelopment]),
    section('Defaults and configuration', 1, [
      1,
      'by the environment variables',
      held('library/push/settings/settings.test.ts', 'OTEL_EXPORTER_OTLP'),
    ]),
    section('Numerical limits handling', 2, [
      2,
      'NaN and infinities',
      by.measurements('NaN and infinities are handled: sums and histograms stay numbers'),
    ]),
    section('Compatibility requirements', 2, [2, 'interfaces can grow', because('a promise of versions: docs/stability.md')]),
    section('Concurrency requirements', 4, [4, 'all is safe to be called concurrently', oneThread]),
    section('Self-observability', 1, [
      1,
      'metrics of its own',
      because('meterbridge_*, names of our own: docs/automatic-metrics.md; those of the specification are in development'),
    ]),
  ],
};

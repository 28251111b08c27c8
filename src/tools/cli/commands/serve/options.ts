/** The options of `meterbridge serve`. The table of docs/serve.md is made of them. */
import { defaultLimits } from '../../../../service/limits.ts';
import { collectorOptions } from '../../collector-options.ts';
import type { Option } from '../../option.ts';

const counted = (what: string, byDefault: number) =>
  ({ type: 'string', value: 'N', what, byDefault: byDefault.toLocaleString('en') }) as const satisfies Option;

/** The Collector has no keys for these. */
export const limitOptions = {
  'max-series': counted('series that one exporter keeps', defaultLimits.maxSeries),
  'max-series-per-resource': counted('series of one resource in one exporter', defaultLimits.maxSeriesPerResource),
  'max-resources': counted('resources and scopes that one exporter keeps, together', defaultLimits.maxResources),
  'max-families': counted('names that one exporter exposes', defaultLimits.maxFamilies),
  'max-attributes': counted('attributes of a point', defaultLimits.maxAttributes),
  'max-value-bytes': counted('bytes of an attribute’s value, in UTF-8', defaultLimits.maxValueBytes),
  'max-buckets': counted('buckets of a point, that of +Inf included; quantiles of a summary', defaultLimits.maxBuckets),
  'max-page-bytes': counted('bytes of one exposition of one exporter', defaultLimits.maxPageBytes),
  'max-memory': {
    type: 'string',
    value: 'N',
    what: 'bytes of memory for what senders sent',
    byDefault: 'half of the control group’s limit, else 1 GiB',
  },
} as const satisfies Readonly<Record<string, Option>>;

export type LimitName = keyof typeof limitOptions;
export const limitNames = Object.keys(limitOptions) as LimitName[];

export const serveOptions = {
  ...collectorOptions,
  ...limitOptions,
  contract: {
    type: 'string',
    value: 'NAME',
    what: 'compares what senders send with a contract (a built-in host, a .json file, a module or a package); logs and counts breaks',
  },
  refuse: { type: 'boolean', what: 'with --contract: rejects what breaks it, and reports it to the sender' },
  keep: {
    type: 'string',
    value: 'DIR',
    what: 'keeps the series of prometheus exporters in this directory: after a restart, or a crash, they go on',
  },
  'allowed-host': {
    type: 'string',
    multiple: true,
    value: 'NAME',
    what: 'responds over HTTP for this name, too, beside localhost, IP addresses and the name in each endpoint; repeatable',
  },
  'show-values': { type: 'boolean', what: 'the page of the extension zpages shows values of labels, whatever senders put there' },
  created: {
    type: 'boolean',
    what: 'with enable_open_metrics: OpenMetrics has a line _created of each counter, histogram and summary: when its series began',
  },
  'no-compaction': { type: 'boolean', what: 'rejects a batch as soon as a sending queue is full, as the Collector does' },
} as const satisfies Readonly<Record<string, Option>>;

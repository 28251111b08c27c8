/** The exporter `prometheus`: keeps the newest value of every series, and serves scrapes. */

import { createStore, type Store } from '../../../core/store/index.ts';
import { createRenderMemory } from '../../../formats/exposition/index.ts';
import { routed } from '../../../net/http/routes.ts';
import { listenAt, type Opened } from '../../../net/listen/listen-at.ts';
import type { Exporter, ExporterContext, SeriesState } from '../../component.ts';
import { createFront } from '../../guard/front.ts';
import type { KeepingContext } from '../../keep/open-keep.ts';
import {
  createReceived,
  defaultReceivedLimits,
  type Received,
  type ReceivedLimits,
  type SeriesNamesOptions,
} from '../../received/index.ts';
import type { Showing } from '../../watch/shown.ts';
import type { PrometheusSettings } from './config.ts';
import { wordsOf } from './event-messages.ts';
import { createKeeping } from './keeping.ts';
import { createLargePages } from './large-pages.ts';
import { createPages, type Pages } from './pages.ts';

const path = '/metrics';
/** The interval, in milliseconds, at which expired series are looked for, so that memory does not grow without scrapes. */
const expiryEveryMs = 1_000;
/** Streams that one look examines: well below a millisecond. */
const streamsALook = 50_000;

/** @param clock milliseconds that only go forward; with `keep` the clock is that of what is kept */
export function createPrometheus(
  settings: PrometheusSettings,
  context: KeepingContext & Partial<Showing>,
  clock = () => performance.now(),
): Exporter {
  const { limits, memory, keep } = context;
  const keeping = keep && createKeeping(keep, settings, context);
  const store = createStore();
  const received = createReceived({
    ...namingOf(store, settings, context),
    limits: limitsOf(limits),
    room: () => memory.lasting,
    maxMemory: limits.maxMemory,
    expireAfterMs: settings.metric_expiration,
    ...(keeping?.clocks ?? { clock }),
    tell: (event) => context.log.warn(wordsOf(event)),
  });
  const bytes = () => received.held.heap + received.held.buffers;
  const renderings = createRenderMemory();
  const pages = createPages({
    view: store.view,
    settings,
    owners: received.owners,
    maxPageBytes: limits.maxPageBytes,
    created: limits.created ?? false,
    memory: renderings,
    large: createLargePages({ renderings, maxPageBytes: limits.maxPageBytes, held: bytes, memory }),
    refresh: keeping === undefined ? received.expire : () => {},
    warn: (message) => context.log.warn(message),
  });
  let listener: Opened | undefined;
  let timer: NodeJS.Timeout | undefined;
  let forget = () => {};
  const state = () => stateOf(received, pages);
  context.observed(state);
  context.shows?.({
    view: store.view,
    owners: received.owners,
    ignored: () => received.tally.ignoredAll,
    state,
    bytes,
    seriesOf: received.seriesOf,
  });

  return Object.freeze({
    consume: keeping?.take ?? received.take,
    async start() {
      const at = `exporters.${context.id}`;
      const front = createFront(settings, at, context);
      const { allowedHosts } = context.limits;
      const listening = { at: `${at}.endpoint`, front, allowedHosts, refusal: context.refusal };
      await keeping?.start(received);
      const scrape = keeping?.whenLoaded(pages.scrape) ?? pages.scrape;
      listener = await listenAt(routed({ [path]: context.watching?.(scrape) ?? scrape }), settings.endpoint, listening);
      context.listening(listener.origin + path);
      if (keeping === undefined) timer = setInterval(() => received.expire(streamsALook), expiryEveryMs).unref();
      forget = memory.add(
        () => bytes() + renderings.bytes + (keeping?.bytes ?? 0),
        () => received.held.heap,
      );
    },
    draining: () => keeping?.stop(),
    async shutdown() {
      clearInterval(timer);
      forget();
      await listener?.close();
      await keeping?.close();
    },
  });
}

/** Labels have the bytes that the defaults have for a series, so that more series than by default find room for theirs. */
function limitsOf({ maxSeries, maxSeriesPerResource, maxResources }: ExporterContext['limits']): Partial<ReceivedLimits> {
  const { series, seriesPerResource, labelBytes, labelBytesPerResource } = defaultReceivedLimits;
  return {
    series: maxSeries,
    seriesPerResource: maxSeriesPerResource,
    resources: maxResources,
    labelBytes: labelBytes * Math.max(1, maxSeries / series),
    labelBytesPerResource: labelBytesPerResource * Math.max(1, maxSeriesPerResource / seriesPerResource),
  };
}

function namingOf(store: Store, settings: PrometheusSettings, { limits, log }: ExporterContext): SeriesNamesOptions {
  const { enabled, exclude_service_attributes: others } = settings.resource_to_telemetry_conversion;
  return {
    source: store.source({ scope: { name: '' } }),
    strategy: settings.translation_strategy,
    namespace: settings.namespace,
    constLabels: settings.const_labels,
    withoutScope: settings.without_scope_info,
    resourceLabels: enabled ? (others ? 'others' : 'all') : 'none',
    // Protobuf shows them, whatever `enable_open_metrics` says.
    exemplars: true,
    timestamps: settings.send_timestamps,
    maxFamilies: limits.maxFamilies,
    warn: (message) => log.warn(message),
    onJoined: (message) => log.warn(message),
  };
}

function stateOf({ series, silent, names, tally }: Received, pages: Pages): SeriesState {
  return {
    series,
    families: names.families,
    expired: tally.expired,
    resets: tally.resets,
    gaps: tally.gaps,
    silent,
    forgotten: tally.forgotten,
    conflicts: names.conflicts + pages.conflicts + tally.conflicts + tally.contested + tally.joined,
    omitted: pages.omitted,
    exemplarLabels: tally.exemplarLabels,
    notTaken: new Map(Object.entries(tally.ignored)),
  };
}

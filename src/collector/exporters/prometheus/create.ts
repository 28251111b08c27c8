/** The exporter `prometheus`: keeps the newest value of every series, and answers scrapes. */

import { routed } from '../../../http/routes.ts';
import { listenAt, type Opened } from '../../../listen/listen-at.ts';
import { createReceived, type Received, type SeriesNamesOptions } from '../../../received/index.ts';
import { createStore, type Store } from '../../../store/index.ts';
import type { Exporter, ExporterGiven, SeriesState } from '../../component.ts';
import { createFront } from '../../guard/front.ts';
import type { PrometheusSettings } from './config.ts';
import { createPages, type Pages } from './pages.ts';
import { wordsOf } from './say.ts';

const path = '/metrics';
/** Between two looks for series that have expired, in milliseconds, so that memory does not grow where nobody scrapes. */
const expiryEveryMs = 1_000;
/** Streams that one look examines: well below a millisecond. */
const streamsALook = 50_000;

/** @param clock milliseconds that only go forward */
export function createPrometheus(settings: PrometheusSettings, given: ExporterGiven, clock = () => performance.now()): Exporter {
  const store = createStore();
  const received = createReceived({
    ...namingOf(store, settings, given),
    limits: { series: given.limits.maxSeries, seriesPerResource: given.limits.maxSeriesPerResource },
    expireAfterMs: settings.metric_expiration,
    clock,
    tell: (event) => given.log.warn(wordsOf(event)),
  });
  const pages = createPages(store.view, settings, received.expire, (message) => given.log.warn(message));
  let listener: Opened | undefined;
  let timer: NodeJS.Timeout | undefined;
  given.observed(() => stateOf(received, pages));

  return Object.freeze({
    consume: received.take,
    async start() {
      const at = `exporters.${given.id}`;
      const front = createFront(settings, at, given);
      listener = await listenAt(routed({ [path]: pages.scrape }), settings.endpoint, { at: `${at}.endpoint`, anyName: true, front });
      given.listening(listener.origin + path);
      timer = setInterval(() => received.expire(streamsALook), expiryEveryMs);
      timer.unref();
    },
    async shutdown() {
      clearInterval(timer);
      await listener?.close();
    },
  });
}

function namingOf(store: Store, settings: PrometheusSettings, { limits, log }: ExporterGiven): SeriesNamesOptions {
  const { enabled, exclude_service_attributes: others } = settings.resource_to_telemetry_conversion;
  return {
    source: store.source({ scope: { name: '' } }),
    strategy: settings.translation_strategy,
    namespace: settings.namespace,
    constLabels: settings.const_labels,
    withoutScope: settings.without_scope_info,
    resourceLabels: enabled ? (others ? 'others' : 'all') : 'none',
    exemplars: settings.enable_open_metrics,
    timestamps: settings.send_timestamps,
    maxFamilies: limits.maxFamilies,
    warn: (message) => log.warn(message),
  };
}

function stateOf({ series, names, tally }: Received, pages: Pages): SeriesState {
  return {
    series,
    families: names.families,
    expired: tally.expired,
    resets: tally.resets,
    conflicts: names.conflicts + pages.conflicts + tally.met + tally.contested,
    notTaken: new Map(Object.entries(tally.ignored)),
  };
}

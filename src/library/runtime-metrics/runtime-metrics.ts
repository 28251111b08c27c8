import { publicFunctions } from '../../core/errors/caller.ts';
import { checkOptions, type OptionRules } from '../../core/errors/option-rules.ts';
import { type Bridge, openedBridge } from '../bridge/bridge.ts';
import { checkBridge } from '../bridge/check-bridge.ts';
import { observePromClientNames } from './observe-prom-client-names.ts';
import { observeSemconvNames } from './observe-semconv-names.ts';
import { runtimeRules } from './options.ts';

export interface RuntimeMetricsOptions {
  /**
   * `semconv`: OpenTelemetry's semantic conventions (`nodejs_eventloop_delay_p99_seconds`, `v8js_gc_duration_seconds`,
   * `process_cpu_time_seconds_total`).
   * `prom-client`: the names of that client's default metrics, for dashboards that exist (`nodejs_eventloop_lag_p99_seconds`).
   * Default: `semconv`.
   */
  readonly names?: 'semconv' | 'prom-client';
}

const observers = { semconv: observeSemconvNames, 'prom-client': observePromClientNames } as const;

/** What observes each bridge, by its names. */
const running = new WeakMap<Bridge, Map<string, () => void>>();

/**
 * Adds event-loop delay (a histogram, and quantiles as gauges), garbage collection by kind, heap and heap spaces, CPU time,
 * resident memory and open files to a bridge. They are read at each scrape and push, except for garbage collections. A second
 * call with the same names changes nothing. Returns a function that stops the observation; its counters and histograms stay.
 * @throws OPTION_INVALID
 */
export function runtimeMetrics(bridge: Bridge, options: RuntimeMetricsOptions = {}): () => void {
  checkBridge(bridge, 'runtimeMetrics()');
  checkOptions('OPTION_INVALID', options, 'runtimeMetrics', runtimeRules satisfies OptionRules<RuntimeMetricsOptions>);
  const chosen = options.names ?? 'semconv';
  const ofBridge = running.get(bridge) ?? new Map<string, () => void>();
  running.set(bridge, ofBridge);
  const stop =
    ofBridge.get(chosen) ??
    (() => {
      const end = observers[chosen](bridge);
      return () => {
        if (ofBridge.delete(chosen)) end();
      };
    })();
  if (!ofBridge.has(chosen)) openedBridge(bridge)?.beforeClosed(stop);
  ofBridge.set(chosen, stop);
  return stop;
}

publicFunctions(runtimeMetrics);

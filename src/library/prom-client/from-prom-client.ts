import { publicFunctions } from '../../core/errors/caller.ts';
import { MeterbridgeError } from '../../core/errors/error.ts';
import { atLeast, checkOptions, type OptionRules } from '../../core/errors/option-rules.ts';
import { shown } from '../../core/errors/shown.ts';
import { type Bridge, openedBridge } from '../bridge/bridge.ts';
import { collectRegistry } from './collect-registry.ts';
import type { PromClientRegistry } from './registry.ts';
import { createShown, type RegistryLimits } from './shown.ts';

export interface FromPromClientOptions {
  /** How long the last good values are served after a failed collection, in milliseconds; `Infinity`: forever. Default 60,000. */
  readonly maxAgeMs?: number;
  /** The most series of the registry. Further ones are left out, counted, and named in a log line. Default 10,000. */
  readonly maxSeries?: number;
  /** The most bytes of UTF-8 of a label value, at least 32. A longer one becomes its beginning and a hash. Default 1,024. */
  readonly maxLabelBytes?: number;
}

const defaults: RegistryLimits = { maxAgeMs: 60_000, maxSeries: 10_000, maxLabelBytes: 1_024 };
const rules: OptionRules<FromPromClientOptions> = { maxAgeMs: atLeast(0), maxSeries: atLeast(1), maxLabelBytes: atLeast(32) };

/** What shows each registry, by bridge. */
const running = new WeakMap<object, Map<PromClientRegistry, () => void>>();

/**
 * Shows a registry of prom-client (14, 15) or @prometheus-io/client on every path of a bridge, under its own names, labels and
 * help. The bridge reads it at each scrape and push. A metric whose name a contract has is left out, with a log line. A second
 * call with the same registry changes nothing. Returns a function that ends this.
 * @throws OPTION_INVALID
 */
export function fromPromClient(bridge: Bridge, register: PromClientRegistry, options: FromPromClientOptions = {}): () => void {
  const open = openedBridge(bridge);
  if (open === undefined) throw invalid('bridge', bridge, 'a bridge comes from meterbridge() of the same copy of the package');
  if (typeof register?.getMetricsAsJSON !== 'function')
    throw invalid('register', register, 'a registry has the method getMetricsAsJSON');
  const limits = limitsOf(options);
  const all = running.get(bridge) ?? new Map<PromClientRegistry, () => void>();
  running.set(bridge, all);
  const known = all.get(register);
  if (known !== undefined) return known;
  const series = createShown({ ...open, ...limits });
  const leave = open.addSource(collectRegistry(register, series));
  const stop = () => {
    if (!all.delete(register)) return;
    leave();
    series.close();
  };
  all.set(register, stop);
  return stop;
}

function limitsOf(options: FromPromClientOptions): RegistryLimits {
  checkOptions('OPTION_INVALID', options, 'fromPromClient', rules);
  return { ...defaults, ...Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) };
}

function invalid(at: string, got: unknown, rule: string): MeterbridgeError {
  return new MeterbridgeError('OPTION_INVALID', [
    {
      at: `fromPromClient.${at}`,
      got: shown(got, 60),
      rule,
      fix: 'call fromPromClient(bridge, register) with a bridge and a registry',
    },
  ]);
}

publicFunctions(fromPromClient);

/**
 * For tests of programs that embed Meterbridge: isolated bridges, values by name, a clock that only moves when told. Outside the stability
 * promise of the main entry point.
 */
import { type Bridge, openBridge } from './bridge/bridge.ts';
import type { BridgeOptions } from './bridge/options.ts';
import type { Contract, LabelValues, Metric } from './contract/metric.ts';
import { MeterbridgeError } from './errors/error.ts';
import { decodeAttributes } from './otlp/attributes.ts';
import type { FamilyView, Row, View } from './store/store.ts';

export interface TestClock {
  (): number;
  /** Moves the clock forward. */
  advance(ms: number): void;
}

/** A clock that stands at `startMs` (milliseconds since the epoch; default 2026-01-01T00:00:00Z) until it is advanced. */
export function testClock(startMs: number = Date.UTC(2026, 0, 1)): TestClock {
  let now = startMs;
  return Object.assign(() => now, {
    advance(ms: number) {
      now += ms;
    },
  });
}

/** Sum and count, and for a histogram its buckets (not cumulative, the last is +Inf). */
export interface Distribution {
  readonly count: number;
  readonly sum: number;
  readonly counts?: readonly number[];
}

type ValueOf<T> = T extends Metric<infer K> ? (K extends 'histogram' | 'summary' ? Distribution : number) : never;

export interface TestBridge<C extends Contract> extends Pick<Bridge<C>, 'metrics' | 'refresh' | 'close'> {
  readonly bridge: Bridge<C>;
  readonly clock: TestClock;
  /**
   * What a scrape would show of one series; `undefined` when it would show nothing. Callbacks are run.
   * @throws METRIC_UNKNOWN for a metric or a label that the contract does not have
   */
  value<N extends keyof C['metrics'] & string>(
    metric: N,
    labels?: Readonly<Record<string, string>>,
  ): Promise<ValueOf<C['metrics'][N]> | undefined>;
  /** Everything recorded is gone, as if the bridge were new; callbacks stay attached. */
  reset(): void;
  /** Lines that would have been logged. */
  readonly log: readonly string[];
}

/** An isolated bridge that pushes nowhere and reads no environment variable. `options` are those of `meterbridge()`. */
export function testBridge<C extends Contract>(
  contract: C,
  options: Omit<BridgeOptions, 'isolated' | 'clock'> & { readonly clock?: TestClock } = {},
): TestBridge<C> {
  const clock = options.clock ?? testClock();
  const lines: string[] = [];
  const open = openBridge(contract, { env: {}, log: (line) => lines.push(line), ...options, clock, isolated: true });
  const bridge = open.bridge as unknown as Bridge<C>;
  return {
    bridge,
    clock,
    log: lines,
    metrics: bridge.metrics,
    refresh: bridge.refresh,
    close: bridge.close,
    async value(name, labels = {}) {
      const metric = known(contract, name, labels);
      await bridge.refresh();
      return find(open.view, metric, labels) as never;
    },
    reset: () => open.registered(contract.name)?.reset(),
  };
}

function known(contract: Contract, name: string, labels: Readonly<Record<string, string>>): Metric {
  const metric = Object.hasOwn(contract.metrics, name) ? contract.metrics[name] : undefined;
  if (metric === undefined) throw unknown(`value('${name}')`, name, 'metric', Object.keys(contract.metrics));
  const names = Object.keys(metric.labels);
  for (const label of Object.keys(labels)) {
    if (!names.includes(label)) throw unknown(`value('${name}', …)`, label, 'label', names);
  }
  return metric;
}

function unknown(at: string, got: string, what: string, names: readonly string[]): MeterbridgeError {
  const fix = `use one of: ${names.join(', ') || '(none)'}`;
  return new MeterbridgeError('METRIC_UNKNOWN', [{ at, got, rule: `the contract has no such ${what}`, fix }]);
}

function find(view: View, metric: Metric, labels: Readonly<Record<string, string>>): number | Distribution | undefined {
  const wanted = JSON.stringify(Object.entries({ ...metric.constantLabels, ...labels }).sort());
  let found: number | Distribution | undefined;
  const visitor = {
    family: (family: FamilyView) => family.spec.name === metric.instrument,
    row(family: FamilyView, row: Row, _generation: number, cellAt: number) {
      const has = JSON.stringify([...decodeAttributes(family.identity(row))].sort());
      if (has === wanted) found = valueAt(family, metric, cellAt);
    },
  };
  let cursor = view.walk(visitor);
  while (cursor !== undefined) cursor = view.walk(visitor, cursor);
  return found;
}

function valueAt({ cells, stride }: FamilyView, { kind }: Metric, at: number): number | Distribution {
  if (kind === 'summary') return { count: cells[at] as number, sum: cells[at + 1] as number };
  if (kind !== 'histogram') return cells[at] as number;
  const counts = Array.from(cells.subarray(at, at + stride - 1));
  return { count: counts.reduce((total, count) => total + count, 0), sum: cells[at + stride - 1] as number, counts };
}

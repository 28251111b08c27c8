import type { Contract } from '../../core/contract/metric.ts';
import { publicFunctions } from '../../core/errors/caller.ts';
import { MeterbridgeError } from '../../core/errors/error.ts';
import { shown } from '../../core/errors/shown.ts';
import { type Bridge, openBridge, openedBridge } from '../bridge/bridge.ts';
import { type BridgeOptions, checkBridgeOptions, checkContract } from '../bridge/options.ts';
import { type TestClock, testClock } from './clock.ts';
import { type Probe, probe } from './probe.ts';

export interface TestBridge<C extends Contract> extends Probe<C>, Pick<Bridge<C>, 'metrics' | 'refresh' | 'close'> {
  readonly bridge: Bridge<C>;
  readonly clock: TestClock;
  /** The log lines so far. */
  readonly log: readonly string[];
}

/** On a busy machine, a test's event loop may block for longer than the default 50 ms that a listener's thread waits. */
const patienceMs = 60_000;

/**
 * An isolated bridge that does not push and reads no environment variables. `options`: those of `meterbridge()`. A listener in a
 * thread waits longer for it.
 */
export function testBridge<C extends Contract>(
  contract: C,
  options: Omit<BridgeOptions, 'isolated' | 'clock'> & { readonly clock?: TestClock } = {},
): TestBridge<C> {
  checkContract(contract);
  checkBridgeOptions(options);
  const clock = options.clock ?? testClock();
  const lines: string[] = [];
  const given = { env: {}, log: (line: string) => lines.push(line), ...options, clock, isolated: true };
  const open = openBridge(contract, given, { patienceMs });
  const bridge = open.bridge as unknown as Bridge<C>;
  return {
    bridge,
    clock,
    log: lines,
    metrics: bridge.metrics,
    refresh: bridge.refresh,
    close: bridge.close,
    ...probe<C>(open),
  };
}

/**
 * Reads a bridge that a module of the program has made for itself: `of(bridge).value('orders')`, and `of(bridge).reset()` between
 * tests.
 * @throws OPTION_INVALID if it is no bridge of this copy of the package
 */
export function of<C extends Contract>(bridge: Bridge<C>): Probe<C> {
  const open = openedBridge(bridge);
  if (open !== undefined) return probe<C>(open);
  const rule = 'a bridge comes from meterbridge() of the same copy of the package';
  throw new MeterbridgeError('OPTION_INVALID', [{ at: 'of', got: shown(bridge), rule, fix: 'pass what meterbridge() returned' }]);
}

publicFunctions(testBridge, of);

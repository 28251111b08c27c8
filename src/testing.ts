/**
 * `meterbridge/testing`, for tests of programs that embed Meterbridge: isolated bridges, values by name, a clock that you
 * advance. Outside the stability promise of the main entry point.
 */
import './core/node/supported.ts';

export { dateClock, type TestClock, testClock } from './library/testing/clock.ts';
export type { Distribution, Probe } from './library/testing/probe.ts';
export { of, type TestBridge, testBridge } from './library/testing/test-bridge.ts';

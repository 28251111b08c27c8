/**
 * `meterbridge/testing`, for tests of programs that embed Meterbridge: isolated bridges, values by name, a clock that you
 * advance. Outside the stability promise of the main entry point.
 */
import './node/supported.ts';

export { dateClock, type TestClock, testClock } from './testing/clock.ts';
export type { Distribution, Probe } from './testing/probe.ts';
export { of, type TestBridge, testBridge } from './testing/test-bridge.ts';

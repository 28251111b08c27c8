/** `testBridge` with the SDK engine, for tests that were written for whatever engine is the default. */
import { sdkEngine } from '../../../../src/sdk.ts';
import * as testing from '../../../../src/testing.ts';

export const { testClock } = testing;
export const testBridge: typeof testing.testBridge = (contract, options) =>
  testing.testBridge(contract, { engine: sdkEngine(), ...options });

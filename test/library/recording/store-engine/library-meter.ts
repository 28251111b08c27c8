/** A bridge whose contract does not matter, a library's meter on it, and what the API's diagnostics were told. */
import { afterEach, beforeEach } from 'node:test';
import { DiagLogLevel, diag } from '@opentelemetry/api';
import { contract, counter } from '../../../../src/core/contract/index.ts';
import type { Bridge } from '../../../../src/index.ts';
import { testBridge } from '../../../../src/testing.ts';

export const declared = contract('p', { runs: counter({ help: 'Runs.', zeroFilled: false }) });

/** Emptied ahead of each test. */
export const warnings: string[] = [];
beforeEach(() => {
  warnings.length = 0;
  const silent = () => {};
  const logger = { error: silent, info: silent, debug: silent, verbose: silent, warn: (line: string) => warnings.push(line) };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
});
afterEach(() => diag.disable());

export function open() {
  const { bridge } = testBridge(declared);
  return { bridge, meter: bridge.meterProvider.getMeter('lib', '1.0') };
}

/** What would be pushed under an instrument's name. */
export async function pushed({ producer }: Pick<Bridge, 'producer'>, name: string) {
  const { resourceMetrics } = await producer.collect();
  return resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics).filter(({ descriptor }) => descriptor.name === name);
}

/** A rule of the OpenTelemetry specification as tests: one for each provider that keeps it. */
import { test } from 'node:test';
import { type Provided, type ProviderName, providers } from './provider.ts';

export interface RuleOptions {
  /** Why the SDK (3.1) is not held against it. Left out: it keeps the rule too. */
  readonly sdkDiffers?: string;
}

/** @param section document and heading, e.g. `Metrics SDK, "Instrument name"` */
export function rule(
  section: string,
  what: string,
  check: (provided: Provided) => Promise<void>,
  { sdkDiffers }: RuleOptions = {},
): void {
  const names: readonly ProviderName[] = sdkDiffers === undefined ? ['store', 'sdk'] : ['store'];
  for (const name of names) {
    test(`${section}: ${what} (${name})`, async () => {
      const provided = providers[name]();
      try {
        await check(provided);
      } finally {
        await provided.shutdown();
      }
    });
  }
}

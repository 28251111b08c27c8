/**
 * A walk through the OpenTelemetry specification 1.60: each rule of its pages on metrics, in our words, and the test that holds
 * it, or why there is none. A section has as many rules as it has words MUST (NOT) and SHOULD (NOT); a row may stand for several.
 * `walk.test.ts` counts, and looks for the tests.
 */

/** `file`: below `test/`. `says`: what stands in it, usually the name of a test. */
export type Held = { readonly file: string; readonly says: string } | { readonly because: string };

export type Row = readonly [rules: number, rule: string, held: Held];

export interface Section {
  readonly heading: string;
  /** Of the specification. */
  readonly rules: number;
  readonly rows: readonly Row[];
}

export interface Page {
  readonly title: string;
  readonly sections: readonly Section[];
}

export function section(heading: string, rules: number, ...rows: readonly Row[]): Section {
  return { heading, rules, rows };
}

export function held(file: string, says: string): Held {
  return { file, says };
}

export function because(reason: string): Held {
  return { because: reason };
}

/** In files of this folder's parent. */
export const by = {
  callbacks: (says: string) => held('specification/callbacks.test.ts', says),
  instruments: (says: string) => held('specification/instruments.test.ts', says),
  measurements: (says: string) => held('specification/measurements.test.ts', says),
  meters: (says: string) => held('specification/meters.test.ts', says),
} as const;

export const apiPackage = because(
  'that of @opentelemetry/api: bridge.meterProvider implements its types, which the compiler holds',
);
export const notInApi = because('@opentelemetry/api 1.10 has no such parameter or method');
export const inDevelopment = because('its status is Development, and it is not built');
export const oneThread = because('JavaScript in one thread: a call ends before another begins');

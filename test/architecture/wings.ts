/** The wings of `src`, and which may import which. */

/** A wing of `src`: parts that belong together. Its parts import parts of their own wing and of those before it, and no entry point. */
export interface Wing {
  readonly folder: string;
  /** Of these wings before it, only these parts. */
  readonly only?: Readonly<Record<string, readonly string[]>>;
}

/** From the ground up. A folder straight below `src` is one of these. */
export const wings: readonly Wing[] = [
  // What a metric is: its name, its contract, its values in memory; and how settings are read.
  { folder: 'src/core' },
  // What it looks like outside: OTLP, and the formats of a scrape.
  { folder: 'src/formats' },
  // Who asks, and how: requests, listeners, access, scrapes; and the client that sends.
  { folder: 'src/net' },
  // The status page of the library and of the service.
  { folder: 'src/status' },
  // A program that records.
  { folder: 'src/library' },
  // The Collector-compatible service. Its own metrics are a bridge's; else it needs no library.
  { folder: 'src/service', only: { 'src/library': ['src/library/bridge'] } },
  // The command line, and what it does beside the service: check, generate, demo.
  { folder: 'src/tools' },
];

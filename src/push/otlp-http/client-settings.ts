/** What a client is given: where it sends, and every limit. It reads no variable and has no default of its own. */
import type { ConnectionOptions } from 'node:tls';
import type { SettingNames } from '../answers/failure.ts';

export interface ClientSettings {
  /** Requests are posted to it as it is. */
  readonly url: string;
  /** On every request; `content-type` and `content-encoding` are the client's. Their values reach no log. */
  readonly headers: Readonly<Record<string, string>>;
  /** For `https`. */
  readonly tls: ConnectionOptions;
  readonly encoding: 'protobuf' | 'json';
  /** Undefined: requests are sent as they are. */
  readonly compression: Compression | undefined;
  readonly retry: Retry;
  readonly names: SettingNames;
}

/** A content coding (RFC 9110, section 8.4.1). */
export interface Compression {
  /** For `content-encoding`. */
  readonly name: string;
  compress(request: Uint8Array): Promise<Uint8Array>;
}

/** Pauses between attempts, by the names of the Collector's `retry_on_failure`: each is longer than the last by the multiplier. */
export interface Retry {
  readonly initialIntervalMs: number;
  readonly multiplier: number;
  readonly maxIntervalMs: number;
  /** The share of a pause by which it is shorter or longer, by chance: 0 to 1. */
  readonly randomizationFactor: number;
  /** `Retry-After` counts as no more than this. */
  readonly maxRetryAfterMs: number;
}

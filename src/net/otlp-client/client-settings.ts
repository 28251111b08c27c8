/** The settings of the OTLP/HTTP client: its target, and every limit. It reads no variable and has no defaults. */
import type { Failure, SettingNames } from './answers/failure.ts';

export interface ClientSettings {
  /** Requests are posted to exactly this URL. */
  readonly url: string;
  /** On every request; the client sets `content-type` and `content-encoding` itself. Their values are never logged. */
  readonly headers: Readonly<Record<string, string>>;
  /** On the request that is sent now, ahead of `headers`. Where it throws, the attempt has failed for now. */
  headersNow?(): Readonly<Record<string, string>>;
  readonly encoding: 'protobuf' | 'json';
  /** Undefined: requests are not compressed. */
  readonly compression: Compression | undefined;
  readonly retry: Retry;
  readonly names: SettingNames;
  /** Milliseconds for one attempt. Absent: an attempt may take all the time of its request. */
  readonly attemptMs?: number | undefined;
  /**
   * Called for each failure that is followed by another attempt. @param wantedMs how long the receiver asks for none, if it does
   */
  retrying?(failure: Failure, wantedMs: number | undefined): void;
}

/** A content coding (RFC 9110, section 8.4.1). */
export interface Compression {
  /** For `content-encoding`. */
  readonly name: string;
  compress(request: Uint8Array): Promise<Uint8Array> | Uint8Array;
}

/**
 * Pauses between attempts, with the names of the Collector's `retry_on_failure`: each is longer than the last by the multiplier.
 */
export interface Retry {
  readonly initialIntervalMs: number;
  readonly multiplier: number;
  readonly maxIntervalMs: number;
  /** The share of a pause by which it is randomly shorter or longer: 0 to 1. */
  readonly randomizationFactor: number;
  /** The upper bound for `Retry-After`. */
  readonly maxRetryAfterMs: number;
}

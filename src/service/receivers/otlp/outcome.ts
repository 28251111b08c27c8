/** The outcome of a request that a protocol hands on. */
import type { Code, Encoding } from '../../../formats/otlp/export-answers.ts';
import type { Sender } from './sender.ts';

/** Some points may have been rejected; of a request that is `Refused`, all were. */
export type Outcome = TakenRequest | RefusedRequest;

export interface TakenRequest {
  readonly code: undefined;
  /** How many points were rejected, and why; 0 and empty: none. */
  readonly rejected: number;
  readonly why: string;
}

export interface RefusedRequest {
  readonly code: Code;
  readonly why: string;
}

/**
 * Reads a whole request, uncompressed, and hands it on. Never throws or rejects; the bytes are the caller's again once the
 * outcome is there.
 */
export type Intake = (bytes: Uint8Array, encoding: Encoding, from: Sender) => Outcome | Promise<Outcome>;

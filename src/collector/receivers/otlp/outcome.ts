/** What a protocol learns of a request that it hands on. */
import type { Code, Encoding } from '../../../otlp/export-answers.ts';
import type { Sender } from './sender.ts';

/** Some points may not have been taken; none of the points of a request that is `Refused` was. */
export type Outcome = TakenRequest | RefusedRequest;

export interface TakenRequest {
  readonly code: undefined;
  /** How many points were not taken, and why; 0 and empty: all were. */
  readonly rejected: number;
  readonly why: string;
}

export interface RefusedRequest {
  readonly code: Code;
  readonly why: string;
}

/** Reads a whole request, uncompressed, and hands it on. Never throws or rejects; the bytes are the caller's again once the outcome is there. */
export type Intake = (bytes: Uint8Array, encoding: Encoding, from: Sender) => Outcome | Promise<Outcome>;

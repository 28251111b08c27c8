/** What a log of records is given, and what it says of it. */

/** A record that is not done. */
export interface StoredRecord {
  readonly number: number;
  /** Of its payload, in bytes. */
  readonly length: number;
  readonly points: number;
}

export interface NewRecord {
  /** Is not to change until it is written. */
  readonly payload: Uint8Array;
  readonly points: number;
}

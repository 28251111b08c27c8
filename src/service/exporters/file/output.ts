/** What is written to: a file, with or without rotation, or whatever else is at the path. */

export interface Output {
  /** Opens what can be opened at the start. @param held what the file has from a former exporter: it goes on, or is renamed */
  start(held: 'the same' | 'another format' | undefined): Promise<void>;
  /** Bytes that one record may have. */
  readonly most: number;
  /** How many bytes the file takes before it rotates. */
  left(): number;
  /** Opens the file that a record of so many bytes belongs into. */
  prepare(bytes: number): Promise<void>;
  /** Returns how many bytes it has written. */
  write(bytes: Uint8Array, from: number): Promise<number>;
  /** After a write that failed, a record that was written in part is written again from its begin: it has another reader. */
  readonly restarts: boolean;
  /** Takes away the last bytes. */
  cut(bytes: number): Promise<void>;
  /** The service ends: from now on, a write waits for a reader for a limited time. */
  hurry(): void;
  close(): Promise<void>;
}

export interface OutputContext {
  readonly clock: () => number;
  warn(message: string): void;
}

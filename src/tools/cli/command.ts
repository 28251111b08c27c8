import type { Writable } from 'node:stream';

/** Where a command writes. */
export interface Streams {
  /** The command's output, and nothing else. */
  readonly stdout: Writable;
  /** Messages for people. */
  readonly stderr: Writable;
}

/** A command's exit code: success; failure or a finding; a wrong command line, or a source that cannot be read. */
export const exitCodes = Object.freeze({ done: 0, failed: 1, usage: 2 });

/** A subcommand. */
export interface Command {
  readonly name: string;
  /** E.g. `series CONTRACT [--format table|json]`. */
  readonly usage: string;
  /** One line for the overview. */
  readonly summary: string;
  /** What `--help` prints. */
  help(): string;
  /**
   * Resolves with the exit code. An error that it throws becomes a message and the exit code 1, or 2 for `CLI_USAGE` and
   * `CHECK_SOURCE`.
   */
  run(args: readonly string[], streams: Streams): Promise<number>;
}

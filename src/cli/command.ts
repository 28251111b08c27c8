/** A subcommand: arguments in, text for stdout out; what goes wrong is thrown. */
export interface Command {
  readonly name: string;
  /** E.g. `series CONTRACT [--format table|json]`. */
  readonly usage: string;
  /** One line for the overview. */
  readonly summary: string;
  /** What `--help` prints. */
  help(): string;
  run(args: readonly string[]): Promise<string>;
}

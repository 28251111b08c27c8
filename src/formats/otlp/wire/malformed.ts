/** A request that cannot be read. None of its points may be applied. */
export class MalformedRequest extends RangeError {
  /** Where: a field's path, as `resource_metrics[0].resource`, or in JSON's spelling. */
  readonly where: string;
  /** What was got, and what is wanted. */
  readonly problem: string;
  /** Of JSON: the offset at which reading ended. */
  readonly byte: number | undefined;

  /** @param problem what was got, and what is wanted */
  constructor(where: string, problem: string, byte?: number) {
    super(`${where}: ${problem}`);
    this.name = 'MalformedRequest';
    this.where = where;
    this.problem = problem;
    this.byte = byte;
  }
}

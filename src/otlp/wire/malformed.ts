/** A request that cannot be read. None of its points may be applied. */
export class MalformedRequest extends RangeError {
  /** Where: a field's path, as `resource_metrics[0].resource`, or in JSON's spelling. */
  readonly where: string;

  /** @param problem what was got, and what is wanted */
  constructor(where: string, problem: string) {
    super(`${where}: ${problem}`);
    this.name = 'MalformedRequest';
    this.where = where;
  }
}

/**
 * The result of the demonstration: a sentence and an exit code. A host that this machine cannot run is a failure only with
 * `CI=true`.
 */
export function outcome(
  agreeing: number,
  running: number,
  all: number,
  everything: boolean,
): { readonly line: string; readonly code: 0 | 1 } {
  const agree = agreeing === running;
  const line = `${agreeing} of ${all} hosts: recorded, pulled and pushed ${agree ? 'agree' : 'do NOT agree'}`;
  return { line, code: agree && (running === all || !everything) ? 0 : 1 };
}

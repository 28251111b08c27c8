/** What a run has to say, for people. */
import type { Environment } from './environment.ts';
import type { Row } from './rounds.ts';

/** The JSON. */
export interface Report {
  readonly environment: Environment;
  readonly quick: boolean;
  readonly rows: readonly Row[];
  readonly skipped: readonly string[];
  /** Contenders whose process crashed; the run has failed then. */
  readonly crashed: readonly string[];
}

export function rowLines({ unit, results, spread, ratios }: Row): readonly string[] {
  const width = Math.max(...Object.keys(results).map((name) => name.length));
  return Object.entries(results).map(([name, figure]) => {
    const [low, high] = spread[name] ?? [figure, figure];
    const ratio = ratios[name] === undefined ? '' : `  ${ratios[name]}×`;
    return `${name.padEnd(width)}  ${shown(figure).padStart(10)} ${unit}  (${shown(low)}–${shown(high)})${ratio}`;
  });
}

export function shown(figure: number): string {
  return figure.toLocaleString('en-US', { maximumSignificantDigits: 3 });
}

/** One case on two engines, and many random ones. */
import fc from 'fast-check';
import type { EngineChoice } from '../../src/library/recording/index.ts';
import { arbitraryCase } from './arbitrary-case.ts';
import type { Case } from './case.ts';
import { type Comparison, compare } from './compare.ts';
import { drive } from './drive.ts';

export interface Engines {
  readonly reference: EngineChoice;
  readonly tested: EngineChoice;
}

export async function runCase(given: Case, { reference, tested }: Engines): Promise<Comparison> {
  return compare(given, await drive(given, reference), await drive(given, tested));
}

export interface Found {
  /** As small as fast-check could make it. */
  readonly case: Case;
  readonly unexplained: readonly string[];
  /** For another run: `METERBRIDGE_SEED`. */
  readonly seed: number;
}

/** The first case in which the engines can be told apart, or undefined. `onCompared` is told of every case that was run. */
export async function findDifference(
  engines: Engines,
  options: { readonly cases: number; readonly seed?: number },
  onCompared: (comparison: Comparison) => void = () => {},
): Promise<Found | undefined> {
  const property = fc.asyncProperty(arbitraryCase, async (given) => {
    const comparison = await runCase(given, engines);
    onCompared(comparison);
    if (comparison.unexplained.length > 0) throw new Error(comparison.unexplained[0]);
  });
  const { counterexample, seed } = await fc.check(property, {
    numRuns: options.cases,
    ...(options.seed === undefined ? {} : { seed: options.seed }),
  });
  const [smallest] = counterexample ?? [];
  if (smallest === undefined) return undefined;
  // Once more, plainly: what fast-check ran last is not the smallest one.
  const { unexplained } = await runCase(smallest, engines);
  return { case: JSON.parse(JSON.stringify(smallest)) as Case, unexplained, seed };
}

/** What two engines can be told apart by. */
import type { SeriesDump } from './dump.ts';

/** One series of one reading that is not the same. */
export interface Difference {
  readonly at: number;
  /** The series' instrument, by whichever has it. */
  readonly series: SeriesDump;
  readonly reference?: SeriesDump;
  readonly tested?: SeriesDump;
}

import type { FamilyView } from './store.ts';
import { summedCellsOf } from './stride.ts';

export interface MinMax {
  readonly min: number;
  readonly max: number;
}

/** The smallest and the largest value of a row; undefined where its family does not keep them, or nothing was recorded. */
export function minMaxOf({ cells, spec }: Pick<FamilyView, 'cells' | 'spec'>, cellAt: number): MinMax | undefined {
  if (spec.minMax !== true) return undefined;
  const at = cellAt + summedCellsOf(spec);
  const [min, max] = [cells[at] as number, cells[at + 1] as number];
  return min <= max ? { min, max } : undefined;
}

import type { Exemplar } from '../../otlp/index.ts';
import { exemplarCells, readExemplar } from '../../store/exemplar-cells.ts';
import type { FamilyView } from '../../store/store.ts';
import { exemplarPlaces, valueCellsOf } from '../../store/stride.ts';

/**
 * The exemplars of the row at `cellAt`, as far as they were measured since `sinceMs`: they "SHOULD have occurred within the start/stop timestamps"
 * of their point (Metrics SDK, "ExemplarReservoir"). Undefined: none.
 */
export function rowExemplars({ spec, cells }: FamilyView, cellAt: number, sinceMs: number): readonly Exemplar[] | undefined {
  if (spec.exemplars !== true) return undefined;
  const found: Exemplar[] = [];
  const first = cellAt + valueCellsOf(spec);
  const end = first + exemplarPlaces(spec) * exemplarCells;
  for (let at = first; at < end; at += exemplarCells) {
    const exemplar = readExemplar(cells, at);
    if (exemplar !== undefined && exemplar.timeMs >= sinceMs) found.push(exemplar);
  }
  return found.length === 0 ? undefined : found;
}

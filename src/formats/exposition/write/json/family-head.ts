/** What stands around the rows of a family, and around all families. */
import type { SeriesNames } from '../../../../core/naming/index.ts';
import type { FamilySpec } from '../../../../core/store/index.ts';
import { typeOf, unitOf } from '../lines/metadata.ts';

const space = 0x20;
/** Ends the family ahead of it; in the first one, spaces are put in its place. */
const between = ']},';
export const jsonOpening = '{"families":[';
/** Of a page with families, and of one without any. */
export const jsonEnding = ']}]}\n';
export const jsonEmptyEnding = ']}\n';

/** Up to the first row. A row begins with a comma: in a family's first one, a space is put in its place. */
export function familyHead(spec: FamilySpec, names: SeriesNames): Uint8Array {
  const unit = unitOf(spec, names.openMetrics);
  const members = {
    name: names.series,
    type: spec.kind === 'counter' ? 'counter' : typeOf({ kind: spec.kind }, names, 'openmetrics'),
    ...(unit !== '' && { unit }),
    ...(spec.help !== '' && { help: spec.help }),
  };
  return new TextEncoder().encode(`${between}\n${JSON.stringify(members).slice(0, -1)},"metrics":[`);
}

/** `at`: where a family begins. `size`: of the whole. */
export function putSpaces(body: Uint8Array, at: number, size: number, headLength: number, isFirst: boolean): void {
  if (isFirst) body.fill(space, at, at + between.length);
  if (size > headLength) body[at + headLength] = space;
}

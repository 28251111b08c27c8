/** A draft as JSON that `fromJson` reads. JSON has no comments: what is unknown is a list of its own. */
import { jsonText } from '../report/json-text.ts';
import { documentOf } from './drafted.ts';
import type { Inferred } from './infer.ts';
import { marksOf } from './marks.ts';

export function writeJson({ metrics, context, accepts }: Inferred): string {
  return jsonText(documentOf(metrics, context, accepts));
}

/** One line for each thing that the source could not say, and for each family that is left out. */
export function unknowns({ metrics, seen, left }: Inferred): readonly string[] {
  const marked = [...metrics].flatMap(([key, metric]) => {
    const family = seen.get(key);
    return family === undefined ? [] : marksOf(metric, family).map((mark) => `${family.name}: ${mark}`);
  });
  return [...marked, ...[...left].map(([series, reason]) => `${series}: left out: ${reason}`)];
}

/** The report for programs, in the shape of `report.schema.json`. */
import { jsonText } from './json-text.ts';
import type { Report } from './options.ts';
import { countsOf } from './order.ts';

export function writeJson({ findings, observed, version }: Report): string {
  return jsonText({
    version,
    counts: countsOf(findings),
    sources: observed.map(({ source, format, families, samples, bytes }) => ({
      source,
      format,
      families: families.size,
      samples,
      bytes,
    })),
    findings,
  });
}

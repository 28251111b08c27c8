import { escapedMarks } from '../../../core/errors/visible.ts';

/** The same as `JSON.parse` reads it; marks that a terminal would obey are escaped, too. */
export function jsonText(value: unknown): string {
  return `${escapedMarks(JSON.stringify(value, undefined, 2))}\n`;
}

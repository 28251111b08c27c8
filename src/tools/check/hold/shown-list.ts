import { shown } from '../../../core/errors/shown.ts';

const most = 5;
/** Of one value, in characters. */
const longest = 120;

/** The first few values, quoted, and how many more there are. */
export function shownList(values: Iterable<string>): string {
  const all = [...values];
  const first = all.slice(0, most).map((value) => shown(value, longest));
  return all.length > most ? `${first.join(', ')} and ${all.length - most} more` : first.join(', ');
}

export function shownNumbers(values: readonly number[]): string {
  if (values.length === 0) return 'none';
  const first = values.slice(0, 40).join(', ');
  return values.length > 40 ? `${first} and ${values.length - 40} more` : first;
}

/** The course of a number as a small line. */
import { type Element, h } from './node.ts';
import { rounded } from './numbers.ts';

const width = 120;
const height = 26;
const inset = 2;

/**
 * `null`: not known then, a gap. The scale begins at 0, or at the least value if that is negative. `unit` is that of what is
 * spoken aloud.
 */
export function sparkline(values: readonly (number | null)[], unit: string, over: string): Element {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return h('span', { class: 'unknown' }, 'no data yet');
  const [top, bottom] = [Math.max(...known, 0), Math.min(...known, 0)];
  const range = top - bottom || 1;
  const x = (index: number) => inset + (index * (width - 2 * inset)) / Math.max(1, values.length - 1);
  const y = (value: number) => inset + (height - 2 * inset) * (1 - (value - bottom) / range);
  const label = `${over}: at most ${rounded(Math.max(...known))} ${unit}, last ${rounded(known.at(-1) as number)} ${unit}`;
  return h(
    'svg',
    {
      class: 'spark',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'aria-label': label,
      preserveAspectRatio: 'none',
    },
    h('title', {}, label),
    h('path', { class: 'spark-area', d: area(runs(values), x, y, y(0)) }),
    h('path', { class: 'spark-line', d: line(runs(values), x, y) }),
  );
}

type Run = readonly (readonly [index: number, value: number])[];

function runs(values: readonly (number | null)[]): readonly Run[] {
  const found: [number, number][][] = [[]];
  values.forEach((value, index) => {
    if (value === null) found.push([]);
    else found.at(-1)?.push([index, value]);
  });
  return found.filter((run) => run.length > 0);
}

const digits = (value: number) => value.toFixed(1);

/** A run of one value is a dash around its place. */
const dash = 3;

function line(of: readonly Run[], x: (index: number) => number, y: (value: number) => number): string {
  return of
    .map((run) => {
      const points = run.map(([index, value]) => `${digits(x(index))} ${digits(y(value))}`);
      if (points.length > 1) return `M${points.join('L')}`;
      const [index, value] = run[0] as Run[number];
      return `M${digits(Math.max(0, x(index) - dash))} ${digits(y(value))}H${digits(Math.min(width, x(index) + dash))}`;
    })
    .join('');
}

function area(of: readonly Run[], x: (index: number) => number, y: (value: number) => number, base: number): string {
  return of
    .filter((run) => run.length > 1)
    .map((run) => {
      const [first, last] = [run[0]?.[0] ?? 0, run.at(-1)?.[0] ?? 0];
      const points = run.map(([index, value]) => `${digits(x(index))} ${digits(y(value))}`);
      return `M${digits(x(first))} ${digits(base)}L${points.join('L')}L${digits(x(last))} ${digits(base)}Z`;
    })
    .join('');
}

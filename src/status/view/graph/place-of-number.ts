/** Where an edge's number stands: at the end at which its line is alone, so that no two numbers are in one place. */
import type { Routed } from './layout.ts';

interface Ends {
  readonly from: string;
  readonly to: string;
}

export interface NumberPlace {
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'middle' | 'end';
}

/** Away from a node, in the picture's unit. */
const apart = 7;

export function placeOfNumber<E extends Ends>(
  edge: E,
  points: Routed<E>['points'],
  edges: readonly E[],
): NumberPlace | undefined {
  const [first, second] = points;
  const last = points.at(-1);
  if (first === undefined || second === undefined || last === undefined) return undefined;
  const parts = edges.filter(({ from }) => from === edge.from).length > 1;
  const meets = edges.filter(({ to }) => to === edge.to).length > 1;
  if (parts && meets) return crossing(first, second);
  if (parts) return { x: last[0] - apart, y: last[1], anchor: 'end' };
  if (meets) return { x: first[0] + apart, y: first[1], anchor: 'start' };
  return { x: (first[0] + second[0]) / 2, y: (first[1] + second[1]) / 2, anchor: 'middle' };
}

/** A third of the way: lines that cross in the middle are apart there. Of a cubic curve whose handles are level with its ends. */
function crossing([x0, y0]: readonly [number, number], [, y1]: readonly [number, number]): NumberPlace {
  const t = 0.35;
  return { x: x0 + apart, y: y0 + (y1 - y0) * (3 * t ** 2 - 2 * t ** 3), anchor: 'start' };
}

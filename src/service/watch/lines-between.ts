/** Two texts, line by line: what stays, what came and what went. */
import type { DiffLine } from '../../status/model/index.ts';

/** Beyond so many lines in the parts that differ, all of these went and came: the work grows with their product. */
const most = 2_000;

export function linesBetween(before: string, after: string): readonly DiffLine[] {
  const [from, to] = [linesOf(before), linesOf(after)];
  let start = 0;
  while (start < from.length && start < to.length && from[start] === to[start]) start++;
  let end = 0;
  while (end < from.length - start && end < to.length - start && from.at(-1 - end) === to.at(-1 - end)) end++;
  const middle = between(from.slice(start, from.length - end), to.slice(start, to.length - end));
  return [...from.slice(0, start).map(same), ...middle, ...from.slice(from.length - end).map(same)];
}

function linesOf(text: string): readonly string[] {
  const lines = text.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

/** By their longest common subsequence. */
function between(from: readonly string[], to: readonly string[]): readonly DiffLine[] {
  if (from.length > most || to.length > most) return [...from.map(removed), ...to.map(added)];
  const width = to.length + 1;
  const lengths = new Uint16Array((from.length + 1) * width);
  const at = (i: number, j: number) => lengths[i * width + j] as number;
  for (let i = from.length - 1; i >= 0; i--) {
    for (let j = to.length - 1; j >= 0; j--)
      lengths[i * width + j] = from[i] === to[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  }
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < from.length && j < to.length) {
    if (from[i] === to[j]) {
      lines.push(same(from[i++] as string));
      j++;
    } else if (at(i + 1, j) >= at(i, j + 1)) lines.push(removed(from[i++] as string));
    else lines.push(added(to[j++] as string));
  }
  return [...lines, ...from.slice(i).map(removed), ...to.slice(j).map(added)];
}

const same = (text: string): DiffLine => ({ what: 'same', text });
const added = (text: string): DiffLine => ({ what: 'added', text });
const removed = (text: string): DiffLine => ({ what: 'removed', text });

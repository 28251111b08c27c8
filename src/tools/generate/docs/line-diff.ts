/** What has to change in a text, line by line, as `diff` shows it: `-` away, `+` new. Lines that stay are left out. */

/** Lines compared with lines; more are shown as replaced altogether. */
const mostComparisons = 4_000_000;

export function lineDiff(before: string, after: string): string {
  const [old, now] = [lines(before), lines(after)];
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let same = 0;
  while (same < old.length - start && same < now.length - start && old[old.length - 1 - same] === now[now.length - 1 - same])
    same += 1;
  const changed = changes(old.slice(start, old.length - same), now.slice(start, now.length - same));
  return changed.map((line) => `${line}\n`).join('');
}

function lines(text: string): string[] {
  return text.replace(/\n$/, '').split('\n');
}

/** By the longest common subsequence of lines. */
function changes(old: readonly string[], now: readonly string[]): string[] {
  const removed = (line: string | undefined) => `- ${line}`;
  const added = (line: string | undefined) => `+ ${line}`;
  if (old.length * now.length > mostComparisons) return [...old.map(removed), ...now.map(added)];
  const width = now.length + 1;
  // At [i, j]: how many lines the ends from i and from j have in common.
  const common = new Uint32Array((old.length + 1) * width);
  const at = (i: number, j: number) => common[i * width + j] as number;
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      common[i * width + j] = old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const out: string[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      [i, j] = [i + 1, j + 1];
    } else if (j === now.length || (i < old.length && at(i + 1, j) >= at(i, j + 1))) {
      out.push(removed(old[i]));
      i += 1;
    } else {
      out.push(added(now[j]));
      j += 1;
    }
  }
  return out;
}

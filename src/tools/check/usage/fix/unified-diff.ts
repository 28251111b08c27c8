/**
 * What `--dry-run` shows: a file's edits as a unified diff that `git apply` and `patch -p1` apply. The edits are known, so
 * nothing is compared.
 */
import { apply, type Edit } from '../source/text.ts';
import type { FilePlan } from './plan.ts';

const context = 3;

interface Change {
  /** Lines from 0; `to` is exclusive. */
  readonly from: number;
  readonly to: number;
  readonly edits: Edit[];
}

export function unifiedDiff({ file, edits }: FilePlan): string {
  const lines = file.text.split(/(?<=\n)/);
  const starts = [0];
  for (const line of lines) starts.push((starts.at(-1) ?? 0) + line.length);
  const changes = changesOf(edits, (offset) => Math.max(0, file.position(offset).line - 1));
  const hunks: Change[][] = [];
  for (const change of changes) {
    const last = hunks.at(-1)?.at(-1);
    if (last !== undefined && change.from - last.to <= 2 * context) hunks.at(-1)?.push(change);
    else hunks.push([change]);
  }
  let shift = 0;
  const written = hunks.map((hunk) => {
    const { text, added } = hunkText(hunk, lines, starts, shift);
    shift += added;
    return text;
  });
  const path = shownPath(file.path);
  return `--- a/${path}\n+++ b/${path}\n${written.join('')}`;
}

/** As git writes it: below `a/` and `b/`, and a tab ends a name with a space. */
function shownPath(path: string): string {
  const below = path.replace(/^(?:\.?\/)+/, '');
  return below.includes(' ') ? `${below}\t` : below;
}

function changesOf(edits: readonly Edit[], lineAt: (offset: number) => number): readonly Change[] {
  const changes: Change[] = [];
  for (const edit of edits) {
    const from = lineAt(edit.from);
    const to = lineAt(edit.to) + 1;
    const last = changes.at(-1);
    if (last !== undefined && from < last.to) {
      last.edits.push(edit);
      changes[changes.length - 1] = { from: last.from, to: Math.max(last.to, to), edits: last.edits };
    } else changes.push({ from, to, edits: [edit] });
  }
  return changes;
}

function hunkText(
  hunk: readonly Change[],
  lines: readonly string[],
  starts: readonly number[],
  shift: number,
): { text: string; added: number } {
  const from = Math.max(0, (hunk[0]?.from ?? 0) - context);
  const to = Math.min(lines.length, (hunk.at(-1)?.to ?? 0) + context);
  const body: string[] = [];
  let added = 0;
  let at = from;
  for (const change of hunk) {
    body.push(...lines.slice(at, change.from).map((line) => shown(' ', line)));
    const old = lines.slice(change.from, change.to);
    const base = starts[change.from] ?? 0;
    const text = apply(
      old.join(''),
      change.edits.map((edit) => ({ ...edit, from: edit.from - base, to: edit.to - base })),
    );
    const now = text.split(/(?<=\n)/);
    body.push(...old.map((line) => shown('-', line)), ...now.map((line) => shown('+', line)));
    added += now.length - old.length;
    at = change.to;
  }
  body.push(...lines.slice(at, to).map((line) => shown(' ', line)));
  const size = to - from;
  return { text: `@@ -${from + 1},${size} +${from + 1 + shift},${size + added} @@\n${body.join('')}`, added };
}

const shown = (sign: string, line: string) =>
  line.endsWith('\n') ? `${sign}${line}` : `${sign}${line}\n\\ No newline at end of file\n`;

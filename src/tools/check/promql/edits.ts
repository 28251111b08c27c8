/** Edits of a text by position: replaced spans, and what is put around spans. What lies between stays byte for byte. */
import type { Span } from './syntax/ast.ts';

export interface Edit extends Span {
  readonly text: string;
}

export interface Edits {
  replace(span: Span, text: string): void;
  /** A later call is put around an earlier one. */
  wrap(span: Span, before: string, after: string): void;
  /** Nothing in parentheses may begin here: `group_left (` would begin its labels. An empty list of them comes before it. */
  guard(at: number): void;
  /** Sorted; they do not overlap. */
  list(): readonly Edit[];
}

export function collectEdits(): Edits {
  const replaced = new Map<number, Edit>();
  const before = new Map<number, string>();
  const after = new Map<number, string>();
  const guarded = new Set<number>();
  return Object.freeze({
    replace({ from, to }: Span, text: string) {
      replaced.set(from, { from, to, text });
    },
    wrap({ from, to }: Span, prefix: string, suffix: string) {
      before.set(from, prefix + (before.get(from) ?? ''));
      after.set(to, (after.get(to) ?? '') + suffix);
    },
    guard(at: number) {
      guarded.add(at);
    },
    list() {
      for (const at of guarded) if (before.get(at)?.startsWith('(') === true) before.set(at, `() ${before.get(at)}`);
      guarded.clear();
      const at = (edits: Map<number, string>) => [...edits].map(([from, text]) => ({ from, to: from, text }));
      // At one position: what ends there, what begins there, then what is replaced from there on.
      const all = [...at(after), ...at(before), ...replaced.values()];
      return all
        .filter(({ from, to, text }) => to > from || text !== '')
        .sort((one, other) => one.from - other.from || one.to - other.to);
    },
  });
}

/** @param edits sorted, without overlaps */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const edit of edits) {
    parts.push(text.slice(at, edit.from), edit.text);
    at = edit.to;
  }
  parts.push(text.slice(at));
  return parts.join('');
}

/** The rewritten files. Nothing outside the rewritten characters changes, and every file is read again before it counts. */
import type { Rewrite } from '../judge/finding.ts';
import { readText } from '../read/document.ts';
import { apply, ascending, type Edit, wholeText } from '../source/text.ts';
import type { UsedFile } from '../usage.ts';

export interface FilePlan {
  readonly file: UsedFile;
  /** Of the file's text, ascending. */
  readonly edits: readonly Edit[];
  readonly after: string;
}

export interface NotWritten {
  readonly file: string;
  readonly place: string;
  readonly reason: string;
}

export interface FixPlan {
  readonly files: readonly FilePlan[];
  readonly notWritten: readonly NotWritten[];
}

export function planFix(rewrites: readonly Rewrite[]): FixPlan {
  const byFile = Map.groupBy(rewrites, ({ file }) => file);
  const files: FilePlan[] = [];
  const notWritten: NotWritten[] = [];
  for (const [file, all] of byFile) {
    const edits: Edit[] = [];
    for (const { text, edits: own, place } of all) {
      const written = text.edits(own);
      if (written === undefined)
        notWritten.push({ file: file.path, place, reason: 'the scalar that it is in cannot hold the new expression' });
      else edits.push(...written);
    }
    const sorted = ascending(edits);
    const after = apply(file.text, sorted);
    if (sorted.length === 0) continue;
    if (isApart(sorted) && readsAsMeant(file, all, after)) files.push({ file, edits: sorted, after });
    else
      for (const { place } of all)
        notWritten.push({ file: file.path, place, reason: 'the file would not be read again as the new expressions' });
  }
  return { files, notWritten };
}

function isApart(edits: readonly Edit[]): boolean {
  return edits.every((edit, at) => (edits[at - 1]?.to ?? 0) <= edit.from);
}

/** Each text is the new one, or the old one where nothing was rewritten. */
function readsAsMeant(file: UsedFile, rewrites: readonly Rewrite[], after: string): boolean {
  const meant = new Map(
    rewrites
      .filter(({ text, edits }) => text.edits(edits) !== undefined)
      .map(({ text, edits }) => [text, apply(text.text, edits)]),
  );
  const uses = readText(wholeText(after), /\.json$/i.test(file.path) || /^\s*[{[]/.test(file.text));
  if (uses.unread.length !== file.uses.unread.length) return false;
  const texts = ({ expressions, labels }: typeof uses) => [
    ...expressions.map(({ text }) => text),
    ...labels.map(({ name }) => name),
  ];
  const [old, now] = [texts(file.uses), texts(uses)];
  return old.length === now.length && old.every((text, at) => (meant.get(text) ?? text.text) === now[at]?.text);
}

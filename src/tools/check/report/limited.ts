/** Markdown no longer than a comment on GitHub may be. What does not fit is left out row by row, and counted. */

/** https://docs.github.com/en/rest/issues/comments: "Body is too long (maximum is 65536 characters)". */
const mostCharacters = 65_536;
/** For the line that says what was left out. */
const reserved = 1_000;

export interface MarkdownPart {
  readonly before: string;
  readonly rows: readonly string[];
  readonly after: string;
  /** What a row is, in the plural. */
  readonly what: string;
}

/** @param parts the most important ones first; one of which no row fits is left out */
export function limitedMarkdown(parts: readonly MarkdownPart[]): string {
  const left = new Map<string, number>();
  let room = mostCharacters - reserved;
  const kept: string[] = [];
  for (const { before, rows, after, what } of parts) {
    // With the line end that joins parts.
    room -= before.length + after.length + 1;
    const fitting = rows.filter((row) => {
      if (row.length > room) return false;
      room -= row.length;
      return true;
    });
    if (fitting.length < rows.length) left.set(what, (left.get(what) ?? 0) + rows.length - fitting.length);
    if (room >= 0 && (fitting.length > 0 || rows.length === 0)) kept.push(before + fitting.join('') + after);
    else room += before.length + after.length + 1;
  }
  if (left.size === 0) return kept.join('\n');
  const counts = [...left].map(([what, count]) => `${count} ${what}`).join(', ');
  return `${kept.join('\n')}\n**Left out: ${counts}.** A comment has at most ${mostCharacters} characters; \`--format json\` has everything.\n`;
}

/** Text in a table of GitHub Flavored Markdown, so that it is shown as it is. */
import { visible } from '../../../core/errors/visible.ts';

/** Characters that a code span of a table cannot hold as they are. */
const notInCode = /[`|\\&<>]|^ | $/;

/** One line, in which no character has a meaning of Markdown's. */
export function plain(text: string): string {
  return (
    oneLine(text)
      // An underscore within a word has none.
      .replace(/[\\`*[\]<>&|~]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\$&')
  );
}

/** A code span, or as HTML where a span cannot hold it. */
export function code(text: string): string {
  const line = oneLine(text);
  if (line === '') return '`""`';
  if (!notInCode.test(line)) return `\`${line}\``;
  return `<code>${line.replace(/[`|\\&<>*_[\]~ ]/g, (mark) => `&#${mark.charCodeAt(0)};`)}</code>`;
}

/** A table: its head and its rows, whose cells are Markdown. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  return `${line(head)}|${'---|'.repeat(head.length)}\n${rows.map(line).join('')}`;
}

/** Line ends, and spaces beside them, become one space; other control characters are spelled out. */
function oneLine(text: string): string {
  return visible(text.replace(/\s+/g, (run) => (/[\r\n\u2028\u2029]/.test(run) ? ' ' : run)));
}

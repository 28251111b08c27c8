/** Makes foreign text safe for a log, a terminal or an error. */

/** The marks that are spelled out, but for the line feeds of a layout. */
export const marksInLines = /(?!\n)[\p{C}\p{Zl}\p{Zp}]/gu;

/**
 * Spells out line ends, terminal escape sequences and marks that change the writing direction (`\u{202e}`), so that foreign text
 * cannot forge a line or hide the text beside it. Everything else stays unchanged.
 */
export function visible(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (mark) => `\\u{${(mark.codePointAt(0) ?? 0).toString(16)}}`);
}

/** The same for text of several lines, which keeps its line feeds. */
export function visibleLines(text: string): string {
  return text.split('\n').map(visible).join('\n');
}

/**
 * The same marks within strings of JSON, JavaScript or TypeScript that is written already, as their `\u202e`: the strings stay
 * what they are. A line feed is the layout's, since it stands in no such string.
 */
export function escapedMarks(text: string): string {
  return text.replace(marksInLines, (mark) => {
    let escaped = '';
    for (let at = 0; at < mark.length; at++) escaped += `\\u${mark.charCodeAt(at).toString(16).padStart(4, '0')}`;
    return escaped;
  });
}

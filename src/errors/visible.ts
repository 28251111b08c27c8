/** Makes foreign text safe for a log, a terminal or an error. */

/**
 * Spells out line ends, terminal escape sequences and marks that change the writing direction (`\u{202e}`), so that foreign text cannot forge a
 * line or hide the text beside it. Everything else stays unchanged.
 */
export function visible(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (mark) => `\\u{${(mark.codePointAt(0) ?? 0).toString(16)}}`);
}

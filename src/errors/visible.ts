/** Foreign text on its way to a log, a terminal or an error. */

/**
 * Line ends, escape sequences of terminals, and marks that turn the direction of writing, spelled out (`\u{202e}`): nothing foreign forges a line
 * or hides what stands beside it. Everything else stays as it is.
 */
export function visible(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (mark) => `\\u{${(mark.codePointAt(0) ?? 0).toString(16)}}`);
}

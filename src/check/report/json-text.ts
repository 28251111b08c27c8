/** The same as `JSON.parse` reads it; marks that a terminal would obey are escaped, too. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value, undefined, 2);
  // JSON escapes those below U+0020 itself, and a newline outside strings is the layout's.
  return `${text.replace(/(?!\n)[\p{C}\p{Zl}\p{Zp}]/gu, escaped)}\n`;
}

function escaped(mark: string): string {
  let text = '';
  for (let at = 0; at < mark.length; at++) text += `\\u${mark.charCodeAt(at).toString(16).padStart(4, '0')}`;
  return text;
}

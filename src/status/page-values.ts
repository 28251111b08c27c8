/**
 * What a page may show of the values that programs and senders chose. One place decides, because such a value may name a person.
 */
export interface PageValues {
  /** Values are shown as they are. */
  readonly areShown: boolean;
  /** @returns `text` where values are shown, and elsewhere only the type of `value`. */
  textOf(value: unknown, text: string): string;
  /**
   * @returns `text` where values are shown, and elsewhere without what it quotes: words of another program, which may name
   * values.
   */
  quoting(text: string): string;
}

export function createPageValues(areShown: boolean): PageValues {
  return Object.freeze({
    areShown,
    textOf: (value: unknown, text: string) => (areShown ? text : `a value that is not shown (${typeOf(value)})`),
    quoting: (text: string) => (areShown ? text : withoutQuotes(text)),
  });
}

/** A quoted text has quotes of its own: from the first one to the last. The end of a text that was cut belongs to them. */
function withoutQuotes(text: string): string {
  const from = text.indexOf('"');
  if (from === -1) return text;
  const end = text.endsWith('…') ? text.length : Math.max(text.lastIndexOf('"'), from) + 1;
  return `${text.slice(0, from)}(words that are not shown)${text.slice(end)}`;
}

function typeOf(value: unknown): string {
  return value === null ? 'null' : typeof value;
}

/** What a page may show of the values that programs and senders chose. One place decides, because such a value may name a person. */
export interface PageValues {
  /** Values are shown as they are. */
  readonly areShown: boolean;
  /** @returns `text` where values are shown, and elsewhere only the type of `value`. */
  textOf(value: unknown, text: string): string;
}

export function createPageValues(areShown: boolean): PageValues {
  return Object.freeze({
    areShown,
    textOf: (value: unknown, text: string) => (areShown ? text : `a value that is not shown (${typeOf(value)})`),
  });
}

function typeOf(value: unknown): string {
  return value === null ? 'null' : typeof value;
}

/** A key as the `id` of an element and the end of a link: letters, digits, and everything else by its number. */
export const anchorOf = (key: string): string =>
  `at-${key.replace(/[^a-zA-Z0-9]/g, (character) => (character === ' ' ? '-' : `_${character.charCodeAt(0).toString(16)}`))}`;

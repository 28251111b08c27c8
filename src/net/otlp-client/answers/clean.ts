/** Makes a server's message safe for a log: one short line without control characters and without secrets. */
import { createRedactor, type Sensitive } from './secrets.ts';

export type Clean = (text: string) => string;

/** How many characters of a server's text are examined, and how many are shown. */
const maxForeign = 4096;
const maxShown = 200;

export function createCleaner(sensitive: Sensitive): Clean {
  const redact = createRedactor(sensitive);
  return (text) => {
    const begin = text.slice(0, maxForeign);
    // Once more afterwards: a secret may contain white space of another kind.
    const line = redact(oneLine(redact(begin, begin.length < text.length)), false);
    return line.length > maxShown ? `${line.slice(0, maxShown)}…` : line;
  };
}

/** Control characters, and marks that change the direction of writing, are replaced like white space. */
function oneLine(text: string): string {
  return text.replace(/[\p{C}\p{Z}\s]+/gu, ' ').trim();
}

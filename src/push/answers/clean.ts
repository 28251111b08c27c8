/** What a server said, as a log may show it: one short line without control characters and without secrets. */
import { createRedactor, type Sensitive } from './secrets.ts';

export type Clean = (text: string) => string;

/** How much of a server's text is looked at, and how much of it is shown, in characters. */
const maxForeign = 4096;
const maxShown = 200;

export function createCleaner(sensitive: Sensitive): Clean {
  const redact = createRedactor(sensitive);
  return (text) => {
    const begin = text.slice(0, maxForeign);
    // Once more afterwards: white space of another kind may stand in a secret.
    const line = redact(oneLine(redact(begin, begin.length < text.length)), false);
    return line.length > maxShown ? `${line.slice(0, maxShown)}…` : line;
  };
}

/** Control characters, and marks that turn the direction of writing, go as white space does. */
function oneLine(text: string): string {
  return text.replace(/[\p{C}\p{Z}\s]+/gu, ' ').trim();
}

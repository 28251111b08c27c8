/** Texts that somebody wrote to cost much: one character, or two in turn, again and again, between two others. */
import { sampleOf } from '../full.ts';

/** One of each class that an expression or a scanner of ours distinguishes. */
const repeated: readonly string[] = [
  ...[
    ' ',
    '\\"',
    '\t',
    '{{',
    '_',
    '0',
    'a',
    '"',
    '=',
    '\u2028',
    '${',
    ',',
    '.',
    '\n',
    "'",
    '`',
    '-',
    '/',
    ':',
    ';',
    '|',
    '\\',
    '\r\n',
  ],
  ...[
    '{',
    '}',
    '[',
    ']',
    '(',
    ')',
    '<',
    '>',
    '&',
    '%',
    '$',
    '#',
    '*',
    '+',
    '~',
    '^',
    '@',
    '!',
    '?',
    '\0',
    '\u0085',
    '\u00a0',
    '\u200e',
  ],
  ...[
    '\u202e',
    '\ufeff',
    'é',
    '界',
    '😀',
    'A',
    'a_',
    'aB',
    'a ',
    'a.',
    '_.',
    '0.',
    '1s',
    '%41',
    '[[',
    'x=',
    ',a="',
    '\n ',
    ' \n',
    '# ',
  ],
];

export interface Run {
  readonly name: string;
  of(length: number): string;
}

export const runs: readonly Run[] = sampleOf(repeated, 12).map((part) => ({
  name: JSON.stringify(part),
  of: (length) => `x${part.repeat(Math.ceil(length / part.length)).slice(0, length)}x`,
}));

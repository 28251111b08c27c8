/** The documentation uses the field's words: these are ours, and a reader has to guess what they mean. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pages, pageText } from './pages.ts';
import { generated } from './prose.ts';
import { written } from './shape.ts';

/** A word that no page has, as a pattern, and what to write in its place. */
const words: readonly (readonly [word: string, instead: string])[] = [
  ['told', 'a subject that logs, reports or responds'],
  ['nobody', 'the client, user or program that is meant'],
  ['whoever', 'the client, user or program that is meant'],
  ['dear', 'expensive, or its cost'],
  ['anew', 'again, or restart'],
  ['roads?', 'path'],
  ['gates?', 'access rule'],
  ['folded', 'aggregated into `other`'],
  ['aims?', 'target'],
  ['norms?', 'specification'],
  ['answer(?:s|ed|ing)?', 'respond, or response'],
  ['refus(?:es?|ed|ing|als?)', 'reject'],
  ['every ?body', 'every client, or every user'],
  ['some ?body', 'another user, or a program'],
  ['no ?one', 'the client, user or program that is meant'],
  ['hears?', 'get, or receive'],
  ['tells?', 'report, log or distinguish'],
  ['foreign', 'other, or of another project'],
  ['(?:mis)?spelt', '(mis)spelled'],
  ['likewise', 'also'],
  ['mend(?:s|ed)?', 'fix'],
  ['dialects?', 'format'],
  ['ghosts?', 'series of something that is gone'],
];

/** Phrases in which such a word is the field's, or is the code's own and shown as it stands there. */
const allowed: readonly string[] = [
  'feature gate', // the Collector's
  'Scrapes answered', // HELP of a metric
  "refused, in the Collector's word",
  'connection is refused', // the operating system's
  'is refusing to process', // RFC 9110, quoted
];

const pattern = new RegExp(`\\b(?:${words.map(([word]) => `(${word})`).join('|')})\\b`, 'gi');

/** What is said of each odd word in the prose of a page; code, and what links lead to, keeps its names. */
function oddWords(page: string): readonly string[] {
  const blank = (text: string) => text.replaceAll(/[^\n]/g, ' ');
  const prose = [...generated, /^```[\s\S]*?^```$/gm, /`[^`\n]*`/g, /\]\([^)\s]*\)/g, ...allowed.map(phrase)].reduce(
    (text: string, hidden) => text.replaceAll(hidden, blank),
    page,
  );
  return prose.split('\n').flatMap((line, index) =>
    [...line.matchAll(pattern)].map(([found, ...groups]) => {
      const [, instead] = words[groups.findIndex((group) => group !== undefined)] ?? [];
      return `line ${index + 1}: '${found}'; write: ${instead}`;
    }),
  );
}

/** A phrase wherever a line may end within it. */
function phrase(text: string): RegExp {
  return new RegExp(text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(' ', '\\s+'), 'g');
}

for (const page of pages.filter((path) => !written.includes(path))) {
  test(`${page} uses the field's words`, () => assert.deepEqual(oddWords(pageText(page)), []));
}

describe('the search for odd words', () => {
  for (const [text, found] of [
    ['Senders are told once.', ["line 1: 'told'; write: a subject that logs, reports or responds"]],
    ['One\nGate, two gates.', ["line 2: 'Gate'; write: access rule", "line 2: 'gates'; write: access rule"]],
    ['| aim |', ["line 1: 'aim'; write: target"]],
    ['a gateway, normal, a claim, untold, broadly', []],
    ['`gate: loopback()` and [rules](gate.md#gates)', []],
    ['```ts\nconst gate = loopback();\n```', []],
    ['its feature\ngate', []],
    ['<!-- meterbridge series x -->\nRuns refused.\n<!-- end -->', []],
  ] as const) {
    test(`${JSON.stringify(text)}: ${found.length}`, () => assert.deepEqual(oddWords(text), found));
  }
});

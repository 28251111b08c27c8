/** The table of docs/formats.md: what scrapers send, and what they get. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

export interface Scraper {
  readonly scraper: string;
  /** Undefined: it sends none. */
  readonly accept: string | undefined;
  /** Of the response; undefined: that of the default format. */
  readonly contentType: string | undefined;
}

const page = readFileSync(new URL('../../../docs/formats.md', import.meta.url), 'utf8');
const head = '| scraper | `Accept` | `Content-Type` of the response |\n|---|---|---|\n';
const code = (cell: string): string | undefined => /^`([^`]+)`$/.exec(cell)?.[1];

function row(line: string): Scraper {
  const [, scraper, accept, answer, ...others] = line
    .split(' | ')
    .flatMap((cell, at) => (at === 0 ? ['', cell.replace(/^\| /, '')] : [cell]));
  const contentType = code(answer?.replace(/ \|$/, '') ?? '');
  assert.ok(scraper !== undefined && accept !== undefined && answer !== undefined && others.length === 0, line);
  assert.ok(code(accept) !== undefined || accept === '–', line);
  assert.ok(contentType !== undefined || answer === 'the default |', line);
  return { scraper, accept: code(accept), contentType };
}

const [, behind] = page.split(head);
assert.ok(behind !== undefined, 'docs/formats.md has the table');
export const scrapers: readonly Scraper[] = behind.slice(0, behind.indexOf('\n\n')).trim().split('\n').map(row);

/** Reads the documentation as its readers' tools do: fenced blocks, links and headings. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

/** Every page for people, by its path from the root. */
export const pages: readonly string[] = [
  ...globSync('*.md', { cwd: root }),
  ...globSync('{docs,deploy,examples,bench}/**/*.md', { cwd: root }),
].sort();

export const pageText = (path: string): string => readFileSync(join(root, path), 'utf8');

/** The contents of the fenced blocks of a language, in order. */
export function blocks(page: string, language: string): readonly string[] {
  return [...page.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].filter(([, of]) => of === language).map(([, , text = '']) => text);
}

/** Where the links of a page go, but for those to the web. */
export function relativeLinks(page: string): readonly string[] {
  const prose = page.replace(/^```[\s\S]*?^```$/gm, '').replace(/`[^`\n]*`/g, 'code');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target).filter((target) => !/^[a-z]+:/.test(target));
}

/** The fragments that lead to a page's headings. */
export function anchors(page: string): readonly string[] {
  const prose = page.replace(/^```[\s\S]*?^```$/gm, '');
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Finds error codes where they are raised and where they are documented. */

export interface Section {
  readonly code: string;
  /** The first paragraph. */
  readonly summary: string;
  /** The first fenced block. */
  readonly example: string;
}

/** The codes that a source gives to `new MeterbridgeError(…)` as a literal. */
export function codesIn(source: string): readonly string[] {
  return [...source.matchAll(/new MeterbridgeError\(\s*(['"`])([^'"`]*)\1/g)].map((match) => match[2] ?? '');
}

/** The sections of a page that are headed by `## CODE`. */
export function sectionsOf(page: string): readonly Section[] {
  return page
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const [code = '', ...body] = section.split('\n');
      const text = body.join('\n').trim();
      return {
        code: code.trim(),
        summary: text.split('\n\n')[0]?.replaceAll('\n', ' ') ?? '',
        example: /^```\n([\s\S]*?)\n```$/m.exec(text)?.[1] ?? '',
      };
    });
}

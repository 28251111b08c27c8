/** What a person reads of a page: its blocks of prose, without code and without what a command has generated. */

/** What a command writes has the words of the contract or of the code. */
export const generated: readonly RegExp[] = [
  /^<!-- meterbridge docs (\w+): begin -->$[\s\S]*?^<!-- meterbridge docs \1: end -->$/gm,
  /^<!-- meterbridge (?!docs )[^\n]+ -->\n[\s\S]*?^<!-- end -->$/gm,
  /^<!-- bench ([\w-]+) -->$[\s\S]*?^<!-- \/bench \1 -->$/gm,
  /^<!-- options: [^\n]+ -->\n[\s\S]*?^<!-- end of options -->$/gm,
];

const hidden = [...generated, /<!--[\s\S]*?-->/g, /^```[\s\S]*?^```$/gm];

/** Blocks are paragraphs, items of lists, headings and cells of tables. A code span is one word, a link its text. */
export function prose(page: string): readonly string[] {
  const shown = hidden.reduce((text, pattern) => text.replaceAll(pattern, '\n'), page).replaceAll('\r', '');
  const plain = shown
    .replaceAll(/`[^`]*`/g, 'code')
    .replaceAll(/!?\[([^\]]*)\]\([^)\s]*\)/g, '$1')
    .replaceAll(/[*_]{2}/g, '');
  return plain
    .split(/\n\s*\n|\n(?=\s*(?:[-*]|\d+\.)\s)|\n(?=#)|(?<=^#.*)\n|\n(?=\|)|(?<!\\)\|/m)
    .map((block) =>
      block
        .replaceAll(/\s+/g, ' ')
        .replace(/^ ?(?:[-*]|\d+\.|#+) /, '')
        .trim(),
    )
    .filter((block) => /\w/.test(block));
}

const wordsOf = (text: string): number => text.split(' ').filter((word) => /[\p{L}\p{N}]/u.test(word)).length;

export const words = (page: string): number => prose(page).reduce((sum, block) => sum + wordsOf(block), 0);

/** Sentences of a page with more words than this. */
export function longSentences(page: string, most: number): readonly string[] {
  const sentences = prose(page).flatMap((block) =>
    block.split(/(?<=[.!?][)"”]?)\s+(?=["“(]?[\p{Lu}\d])|(?<=[.!?][)"”]?)\s+(?=code)/u),
  );
  return sentences.filter((sentence) => wordsOf(sentence) > most).map((sentence) => `${wordsOf(sentence)} words: ${sentence}`);
}

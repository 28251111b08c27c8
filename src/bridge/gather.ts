/** What a scrape would show, as data: the page itself, read by the strict parser, so that there is only one way to render values. */
import type { ParsedFamily, Renderer } from '../exposition/index.ts';

/** @throws Error if the page cannot be parsed, which is a defect of Meterbridge */
export async function gather(renderer: Renderer): Promise<readonly ParsedFamily[]> {
  const { parseExposition } = await import('../exposition/parse/parse.ts');
  const page = await renderer.render('text');
  if (page.tooLarge === true) throw new Error('BUG: a page without a limit is too large');
  const parsed = parseExposition(new TextDecoder().decode(page.body), 'text');
  if (!parsed.ok) throw new Error(`BUG: the page cannot be read: ${JSON.stringify(parsed.problems[0])}`);
  return parsed.families;
}

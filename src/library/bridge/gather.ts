/**
 * What a scrape would show, as data: the exposition itself, read by the strict parser, so that there is only one way to render
 * values.
 */
import type { ParsedFamily, Renderer } from '../../formats/exposition/index.ts';

/** @throws Error if the exposition cannot be parsed, which is a defect of Meterbridge */
export async function gather(renderer: Renderer): Promise<readonly ParsedFamily[]> {
  const { parseExposition } = await import('../../formats/exposition/parse/parse.ts');
  const page = await renderer.render('text');
  if (page.tooLarge === true) throw new Error('BUG: an exposition without a limit is too large');
  const parsed = parseExposition(new TextDecoder().decode(page.body), 'text');
  if (!parsed.ok) throw new Error(`BUG: the exposition cannot be parsed: ${JSON.stringify(parsed.problems[0])}`);
  return parsed.families;
}

/** The option `page` of a listener: who has the page, and how it is served beside the metrics. */
import type { Problem } from '../../core/errors/error.ts';
import { must, type OptionRule } from '../../core/errors/option-rules.ts';
import type { Handler } from '../../net/http/exchange.ts';
import type { Listener } from '../../net/pull/index.ts';
import type { ListenSettings } from '../../net/pull/listen.ts';
import type { BridgePage } from './status/bridge-page.ts';

export type PageOption = boolean | 'always';

export const pageRule: OptionRule = must(
  (value) => typeof value === 'boolean' || value === 'always',
  "it is true, false or 'always'",
  "write page: true for development, or page: 'always' to have it in production too",
);

/** What the page cannot stand beside. */
export function pageProblems(options: {
  readonly page?: PageOption;
  readonly thread?: boolean;
  readonly path?: string | readonly string[];
}): readonly Problem[] {
  const { page = false, thread, path = '/metrics' } = options;
  if (page === false) return [];
  const at = 'listen options.page';
  const got = JSON.stringify(page);
  const problems: Problem[] = [];
  if (thread === true)
    problems.push({
      at,
      got,
      rule: 'the page is made by this thread',
      fix: 'leave out thread: true, or open a second listener for the page',
    });
  if ([path].flat().includes('/')) problems.push({ at, got, rule: 'the page is at /', fix: 'serve the metrics at another path' });
  return problems;
}

/** Whether this listener has the page. Production has it only where it is asked for outright. */
export function isShown(page: PageOption, address: string, log: (line: string) => void): boolean {
  if (page !== true) return page === 'always';
  if (process.env.NODE_ENV !== 'production') return true;
  log(`listen: ${address} has no page, because NODE_ENV is production. Fix, if you want it there: page: 'always'`);
  return false;
}

type Listen = (handler: Handler, address: string, options: ListenSettings) => Promise<Listener>;

/** Opens the listener, with the page beside its metrics. The page ends with it. */
export async function withPage(
  listen: Listen,
  scrape: Handler,
  address: string,
  options: ListenSettings,
  page: BridgePage | undefined,
): Promise<Listener> {
  if (page === undefined) return listen(scrape, address, options);
  try {
    const listener = await listen(page.watching(scrape), address, { ...options, beside: page.site });
    page.listens(listener.url);
    const close = () => {
      // First: the stream of a page that is open would keep the listener waiting.
      page.close();
      return listener.close();
    };
    return Object.freeze({ ...listener, close });
  } catch (error) {
    page.close();
    throw error;
  }
}

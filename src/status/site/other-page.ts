/** Whether a web page other than the site's own asks. A browser says so; programs say nothing, and may ask. */
import type { RequestFacts } from '../../net/http/exchange.ts';

const ownSites: readonly string[] = ['same-origin', 'none'];

/** @param isData what is asked for is read by scripts, and not by whoever follows a link */
export function isOtherPage({ header }: RequestFacts, isData: boolean): boolean {
  const site = header('sec-fetch-site') ?? 'none';
  const follows = header('sec-fetch-mode') === 'navigate' && header('sec-fetch-dest') === 'document';
  if (!ownSites.includes(site)) return isData || !follows;
  const origin = header('origin');
  return origin !== undefined && !isOwn(origin, header('host'));
}

/** Whatever the scheme is: a proxy in front may end TLS. */
function isOwn(origin: string, host = ''): boolean {
  return URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}

/** What scrapers get: a page, or where names are UTF-8 one for each escaping that they ask for. */
import type { Escaping } from '../../../exposition/escaping.ts';
import { createRenderer, type TextFormat } from '../../../exposition/index.ts';
import { escapingOf } from '../../../exposition/negotiate.ts';
import type { Handler } from '../../../http/exchange.ts';
import { escapes } from '../../../naming/index.ts';
import { createScrape } from '../../../pull/index.ts';
import { nameShown } from '../../../received/names/index.ts';
import type { View } from '../../../store/index.ts';
import type { PrometheusSettings } from './config.ts';

export interface Pages {
  readonly scrape: Handler;
  /** How often names met that differ until they are escaped; each counts once. */
  readonly conflicts: number;
}

/** Lines about names that meet, at most. */
const mostSaid = 1_000;
const rename = 'Rename one of the two metrics';

/**
 * @param refresh is called ahead of each page
 * @param warn is given each conflict of escaped names once
 */
export function createPages(view: View, settings: PrometheusSettings, refresh: () => void, warn: (message: string) => void): Pages {
  const formats: readonly TextFormat[] = settings.enable_open_metrics ? ['openmetrics', 'text'] : ['text'];
  const said = new Set<string>();

  function pageOf(escaping?: Escaping): Handler {
    const asked = escaping === undefined ? {} : { escaping };
    const forWhom = `for scrapers that want escaping=${escaping}`;

    /** Without an escaping, the names of the store are those of the page, and none meet. */
    function sayOnce(message: string): void {
      if (escaping === undefined || said.has(message) || said.size >= mostSaid) return;
      said.add(message);
      warn(message);
    }

    return createScrape({
      ...asked,
      renderer: createRenderer(view, {
        ...asked,
        strategy: 'NoTranslation',
        onMet: (name) =>
          sayOnce(
            `series of ${nameShown(name)} are not shown: ${forWhom} another metric is called so, too, and has the same labels. ${rename}`,
          ),
      }),
      refresh() {
        refresh();
        return undefined;
      },
      defaultFormat: 'text',
      formats,
      maxBytes: Number.POSITIVE_INFINITY,
      onScrape({ omitted = [] }) {
        for (const { family, reason } of omitted)
          sayOnce(
            reason === 'metadata'
              ? `${nameShown(family)}: ${forWhom} two metrics are called so, with another description or unit; the first is shown, with all points`
              : `a metric ${nameShown(family)} is not shown: ${forWhom} one of another type writes that name already. ${rename}`,
          );
      },
    });
  }

  const byEscaping = new Map<Escaping, Handler>();

  return Object.freeze({
    scrape: escapes(settings.translation_strategy)
      ? pageOf()
      : (request) => {
          const escaping = escapingOf(request.header('accept'), 'text', formats);
          const page = byEscaping.get(escaping) ?? pageOf(escaping);
          byEscaping.set(escaping, page);
          return page(request);
        },
    get conflicts() {
      return said.size;
    },
  });
}

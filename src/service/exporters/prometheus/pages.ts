/** What scrapers get: an exposition, or where names are UTF-8 one for each escaping that they request. */
import { createMergedNames, escapes } from '../../../core/naming/index.ts';
import type { View } from '../../../core/store/index.ts';
import type { Escaping } from '../../../formats/exposition/escaping.ts';
import {
  createRenderer,
  type ExpositionFormat,
  type Omitted,
  type Renderer,
  type RendererOptions,
  type RenderMemory,
} from '../../../formats/exposition/index.ts';
import { escapingOf } from '../../../formats/exposition/negotiate.ts';
import { createPace } from '../../../formats/exposition/write/pace.ts';
import type { Handler } from '../../../net/http/exchange.ts';
import { createScrape } from '../../../net/pull/index.ts';
import { mergedFix, nameShown } from '../../received/names/index.ts';
import type { PrometheusSettings } from './config.ts';

export interface Pages {
  readonly scrape: Handler;
  /**
   * How often names were in conflict, or one, that differ before escaping, or that only OpenMetrics reserves; each counts once.
   */
  readonly conflicts: number;
  /** How many resources expositions left out, each counted in each exposition. */
  readonly omitted: number;
}

export interface PagesOptions {
  readonly view: View;
  readonly settings: PrometheusSettings;
  /** Whose rows are. */
  readonly owners: RendererOptions['owners'];
  readonly maxPageBytes: number;
  /** OpenMetrics has lines of when series began. */
  readonly created: boolean;
  /** The time that expositions and scrapes take. */
  readonly memory: RenderMemory;
  /** What each renderer goes through. */
  readonly large: (renderer: Renderer) => Renderer;
  /** Called before each exposition. */
  readonly refresh: () => void;
  /** Receives each conflict of escaped names, and each resource that an exposition leaves out, once. */
  readonly warn: (message: string) => void;
}

/** Of a rendering's slices, in milliseconds, beside senders that keep the event loop busy. */
const longestSliceMs = 8;
/** Maximum number of lines about names in conflict, in an escaping or in OpenMetrics, and about resources that are left out. */
const mostSaid = 1_000;
/** What is not shown of a family's series. */
const parts = {
  buckets:
    'native histograms of it are shown with count and sum only, where their scale is below -4 or their buckets do not add up to the count. Send a scale from -4 on',
  totals:
    'OpenMetrics shows none of its sums that are absent, NaN or negative, no count of such a histogram, and no negative quantile: strict readers refuse the page. Send valid sums, or let Prometheus scrape text or protobuf',
  values:
    'OpenMetrics shows none of its series whose value is not 1 (info), or neither 0 nor 1, or that lack a label of its name (stateset): strict readers refuse the page. Send such values, or no prometheus.type',
};
const rename = 'Rename one of the two metrics';

export function createPages({
  view,
  settings,
  owners,
  maxPageBytes,
  created,
  memory,
  large,
  refresh,
  warn,
}: PagesOptions): Pages {
  // Protobuf always, and JSON never, as a Collector: `promhttp` negotiates the first whatever `EnableOpenMetrics` says, and has
  // no JSON.
  const formats: readonly ExpositionFormat[] = settings.enable_open_metrics
    ? ['openmetrics', 'text', 'protobuf']
    : ['text', 'protobuf'];
  const said = new Set<string>();
  const saidOwners = new Set<number>();
  const saidParts = new Set<string>();
  const merged = createMergedNames(warn, mergedFix);
  let left = 0;

  function leaveOut({ family: name, owner, bytes }: Omitted): void {
    left++;
    if (owner === undefined || saidOwners.has(owner) || saidOwners.size >= mostSaid) return;
    saidOwners.add(owner);
    warn(
      `series of ${name} are not shown: they are ${bytes} bytes of an exposition that would be larger than ${maxPageBytes}, the most of any resource. Send fewer or shorter attributes, or raise --max-page-bytes`,
    );
  }

  /** Once, whichever exposition has them. */
  function sayNames(message: string): void {
    if (said.has(message) || said.size >= mostSaid) return;
    said.add(message);
    warn(message);
  }

  function sayPart(family: string, reason: keyof typeof parts): void {
    const line = `${nameShown(family)}: ${parts[reason]}`;
    if (saidParts.has(line) || saidParts.size >= mostSaid) return;
    saidParts.add(line);
    warn(line);
  }

  function pageOf(escaping?: Escaping): Handler {
    const asked = escaping === undefined ? {} : { escaping };
    const forWhom = `for scrapers that request escaping=${escaping}`;

    /** Without an escaping, the names of the store are those of the exposition, and none are in conflict. */
    function sayOnce(message: string): void {
      if (escaping !== undefined) sayNames(message);
    }

    function wordsOf({ family, reason }: Omitted): string {
      return reason === 'metadata'
        ? `${nameShown(family)}: ${forWhom} two metrics are called so, with another description or unit; the first is shown, with all points`
        : `a metric ${nameShown(family)} is not shown: ${forWhom} one of another type writes that name already. ${rename}`;
    }

    return createScrape({
      ...asked,
      renderer: large(
        createRenderer(view, {
          ...asked,
          ...(owners && { owners }),
          memory,
          created,
          pace: (signal) => createPace(signal, longestSliceMs),
          strategy: 'NoTranslation',
          onConflict: (name) =>
            sayOnce(
              `series of ${nameShown(name)} are not shown: ${forWhom} another metric is called so, too, and has the same labels. ${rename}`,
            ),
        }),
      ),
      refresh() {
        refresh();
        return undefined;
      },
      defaultFormat: 'text',
      formats,
      maxBytes: maxPageBytes,
      onScrape({ omitted = [] }) {
        for (const one of omitted) {
          if (one.reason === 'size') leaveOut(one);
          else if (one.reason === 'buckets' || one.reason === 'totals' || one.reason === 'values')
            sayPart(one.family, one.reason);
          else if (one.reason === 'labels') merged.joined(one.label ?? '', one.attributes ?? []);
          else if (one.reason === 'series') merged.met(one.family, one.names ?? [[], []], one.adds === true);
          else if (one.reason === 'openmetrics_name') sayNames(givesWay(one));
          else sayOnce(wordsOf(one));
        }
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
      return said.size + merged.count;
    },
    get omitted() {
      return left;
    },
  });
}

function givesWay({ family, stays = '' }: Omitted): string {
  return `a metric ${nameShown(family)} is not shown in OpenMetrics: ${nameShown(stays)} has or reserves the same name there. ${rename}`;
}

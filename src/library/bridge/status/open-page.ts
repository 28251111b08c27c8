/** The page of a bridge: what its recorders, its store and its readers say. Loaded only where a listener has the page. */
import { defaultStrategy, seriesNames } from '../../../core/naming/index.ts';
import type { FamilyView, Store, View } from '../../../core/store/index.ts';
import { createExplorer } from '../../../status/explore/explorer.ts';
import { createMeters } from '../../../status/flow/meters.ts';
import { edgeKey, type Tick } from '../../../status/model/index.ts';
import { createPageValues } from '../../../status/page-values.ts';
import { createStatusSite } from '../../../status/site/site.ts';
import type { StatusSource } from '../../../status/status-source.ts';
import { packageVersion } from '../../push/package-version.ts';
import type { AdmitEvent } from '../../recording/index.ts';
import type { Contracts } from '../contracts.ts';
import { eachFamily } from '../each-family.ts';
import type { Events } from '../events.ts';
import type { BridgePage } from './bridge-page.ts';
import { type GraphParts, graphOf, othersKey, sourceKey, storeKey } from './graph.ts';
import { createReaders } from './readers.ts';
import { createBridgeRefusals } from './refusals.ts';

/** What it reads of a bridge. */
export interface Watched {
  readonly events: Pick<Events, 'watch'>;
  readonly store: Pick<Store, 'view'>;
  readonly contracts: Pick<Contracts, 'all'>;
  /** Undefined: push is off. */
  readonly pushSettings: PushText | undefined;
}

interface PushText {
  readonly shown: string;
  readonly intervalMs: number;
  readonly protocol: string;
  readonly compression: string;
  readonly temporality: string;
}

export interface PageOptions {
  readonly name: string;
  /** Label values are shown. */
  readonly showValues: boolean;
}

export function openBridgePage(recorders: Watched, { name, showValues }: PageOptions): BridgePage {
  const { events, store, contracts, pushSettings } = recorders;
  const clock = Date.now;
  const startedAt = clock();
  const meters = createMeters(clock);
  const values = createPageValues(showValues);
  const sourceOf = ({ metric }: AdmitEvent) => {
    const found = contracts
      .all()
      .find(({ contract }) => metric !== undefined && Object.values(contract.metrics).includes(metric));
    return found === undefined ? othersKey : sourceKey(found.contract.name);
  };
  const refusals = createBridgeRefusals({ meters, clock, values, sourceOf });
  const readers = createReaders(meters, clock, () => sizeOf(store.view, new Set()).series, pushSettings !== undefined);
  const explorer = createExplorer({ key: storeKey, view: store.view, nameOf, values, conflictsOf: () => [], clock });
  const listens: string[] = [];
  meters.eachMinute(() => void explorer.rows.minute());
  meters.start();
  const ended = events.watch({
    onAdmit: refusals.onAdmit,
    onPush: ({ outcome }) => readers.onPush(outcome),
    onScrape: ({ outcome }) => readers.onScrape(outcome),
  });

  function parts(): GraphParts {
    const declared = contracts.all().map(({ contract }) => contract);
    const size = sizeOf(store.view, new Set(declared.map((contract) => contract.name)));
    return {
      contracts: declared,
      others: size.others,
      size,
      readers: readers.all,
      refusals,
      since: startedAt,
      listens,
      push: pushText(pushSettings),
    };
  }

  const source: StatusSource = {
    status: () => ({
      ...{ at: clock(), kind: 'bridge', name, version: packageVersion(), node: process.version, pid: process.pid },
      ...{ startedAt: clock() - process.uptime() * 1_000, ready: true, showsValues: values.areShown },
      residentBytes: process.memoryUsage.rss(),
      cpuSeconds: (process.cpuUsage().user + process.cpuUsage().system) / 1_000_000,
    }),
    graph: () => graphOf(parts(), clock()),
    tick: () => tickOf(graphOf(parts(), clock()), refusals.count, readers.scrapes),
    scrapers: () => readers.scrapers(clock()),
    async series(by) {
      return { at: clock(), stores: [{ key: storeKey, ...(await explorer.series(by)) }] };
    },
    labels: async () => ({ at: clock(), stores: [await explorer.labels()] }),
    family: async (key, family) => (key === storeKey ? explorer.family(family) : undefined),
    refusals: () => refusals.answer(clock()),
  };
  const site = createStatusSite({ source, page: () => import('../../../status/page/index.ts') });

  return Object.freeze({
    site: site.handler,
    watching: readers.watching,
    listens: (url: string) => void listens.push(url),
    close() {
      ended();
      meters.stop();
      site.close();
    },
  });
}

/** As a scrape names it. */
const nameOf = ({ spec }: FamilyView) => spec.exposed?.series ?? seriesNames(spec, defaultStrategy, '').series;

function sizeOf(view: View, declared: ReadonlySet<string>): { series: number; families: number; others: number } {
  const size = { series: 0, others: 0 };
  const names = new Set<string>();
  eachFamily(view, (family) => {
    size.series += family.size;
    names.add(nameOf(family));
    if (!declared.has(family.source.scope.name)) size.others += family.size;
  });
  return { ...size, families: names.size };
}

function tickOf({ at, nodes, edges }: ReturnType<typeof graphOf>, refusals: number, scrapes: number): Tick {
  const now = (rate: { readonly now?: number }) => (rate.now === undefined ? {} : { now: rate.now });
  return {
    at,
    edges: Object.fromEntries(
      edges.map((edge) => [edgeKey(edge), { ...now(edge.rate), total: edge.total, refused: edge.refused, failed: edge.failed }]),
    ),
    nodes: Object.fromEntries(nodes.map(({ key, state, sent }) => [key, { state, ...(sent !== undefined && now(sent.rate)) }])),
    graph: nodes.length,
    refusals,
    series: nodes.find(({ key }) => key === storeKey)?.series?.count ?? 0,
    scrapes,
  };
}

function pushText(settings: PushText | undefined): string | undefined {
  if (settings === undefined) return undefined;
  const { shown, intervalMs, protocol, compression, temporality } = settings;
  return `endpoint: ${shown}\ninterval: ${intervalMs / 1_000}s\nprotocol: ${protocol}\ncompression: ${compression}\ntemporality: ${temporality}\n`;
}

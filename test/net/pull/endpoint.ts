/** The same endpoint on the dedicated listener in the host's thread and in one of its own, for tests that run against both. */
import type { TestContext } from 'node:test';
import { createStore, type FamilySpec, type Store } from '../../../src/core/store/index.ts';
import { createRenderer } from '../../../src/formats/exposition/index.ts';
import { createScrape, type Listener, type ListenOptions, type ScrapeEvent } from '../../../src/net/pull/index.ts';
import { listen } from '../../../src/net/pull/listen.ts';
import { listenInThread } from '../../../src/net/pull/listen-in-thread.ts';
import type { ScrapeSettings } from '../../../src/net/pull/worker-messages.ts';
import { takeRow } from '../../core/store/labels.ts';

export type Where = 'in the host’s thread' | 'in a thread of its own';
export const everywhere: readonly Where[] = ['in the host’s thread', 'in a thread of its own'];

export interface EndpointOptions extends Partial<ScrapeSettings> {
  readonly refresh?: (budgetMs: number) => Promise<void>;
  readonly clock?: () => number;
  readonly address?: string;
  readonly listen?: ListenOptions;
  readonly age?: FamilySpec;
}

/** On a busy machine a host's loop may stand still for longer than a scrape would wait for it. */
const patienceMs = 60_000;

export interface Endpoint {
  readonly listener: Listener;
  readonly store: Store;
  readonly events: readonly ScrapeEvent[];
  readonly lines: readonly string[];
}

export const spec: FamilySpec = { name: 'app.runs', kind: 'gauge', unit: '', help: 'Runs.', labels: [], maxAgeMs: 60_000 };

export async function openEndpoint(
  t: TestContext,
  where: Where,
  store = createStore(),
  given: EndpointOptions = {},
): Promise<Endpoint> {
  const {
    refresh = async () => {},
    clock = () => performance.now(),
    address = '127.0.0.1:0',
    listen: asked,
    age,
    ...settings
  } = given;
  const scrape: ScrapeSettings = { defaultFormat: 'text', ...settings };
  const events: ScrapeEvent[] = [];
  const lines: string[] = [];
  const onScrape = (event: ScrapeEvent): void => void events.push(event);
  const options: ListenOptions = { log: (line) => void lines.push(line), ...asked };
  const listener =
    where === 'in a thread of its own'
      ? await listenInThread({ store, scrape, refresh, onScrape, clock, patienceMs, ...(age && { age }) }, address, options)
      : await listen(
          createScrape({
            ...scrape,
            renderer: createRenderer(store.view, { clock }),
            refresh: (_, budgetMs) => refresh(budgetMs),
            onScrape,
          }),
          address,
          options,
        );
  t.after(() => listener.close());
  return { listener, store, events, lines };
}

/** Puts a gauge without labels, or with one, into a store. */
export function putGauge(store: Store, name: string, value: number, attributes = {}): (value: number) => void {
  const family = store.source({ scope: { name: 'app' } }).family({ ...spec, name }, true);
  const row = takeRow(family, attributes, 0, value);
  return (next) => {
    family.cells[row * family.stride] = next;
  };
}

/** The store itself: sources own families, one thread writes, views walk. See `store.ts` for what is left to producers and readers. */
import { control } from './columns.ts';
import { StoreFamily } from './family.ts';
import { FamilyList } from './family-list.ts';
import { buffersOf, type ShareMessage } from './share.ts';
import type { Family, FamilySpec, FamilyView, Row, SharePort, Source, SourceSpec, Store, StoreOptions } from './store.ts';
import { createView } from './walk.ts';
import { createWalks } from './walks.ts';

/**
 * Creates an empty store.
 *
 * @param options `clock` gives milliseconds that only go forward, default `performance.now`; it dates replacements. `firstId` is where the ids
 * of its families begin, default 1. `mostLabelBytes` is what the labels of a family take at most, default 1 GiB.
 */
export function createStore(options: StoreOptions = {}): Store {
  const clock = options.clock ?? (() => performance.now());
  const families = new FamilyList<StoreFamily>();
  const walks = createWalks();
  const shared = { walks, mostLabelBytes: options.mostLabelBytes, announce: grown };
  const ports = new Set<SharePort>();
  let lastId = (options.firstId ?? 1) - 1;

  function post(message: ShareMessage): void {
    for (const port of ports) port.postMessage(message);
  }

  function grown(family: StoreFamily): void {
    if (ports.size === 0) return;
    const layout = (family.rows.columns.control[control.layout] as number) + 1;
    post({ type: 'grown', id: family.id, buffers: buffersOf(family), layout });
  }

  function source(spec: SourceSpec): Source {
    const own = new Set<StoreFamily>();
    const parts = { ...shared, end: (family: StoreFamily) => leave([family]) };

    function leave(ended: readonly StoreFamily[]): void {
      for (const family of ended) {
        own.delete(family);
        families.remove(family.id);
      }
      post({ type: 'closed', ids: ended.map(({ id }) => id) });
    }

    return Object.freeze({
      spec,
      family(familySpec: FamilySpec, live: boolean, beside?: Pick<FamilyView, 'group'>): Family {
        lastId++;
        const place = { id: lastId, group: beside?.group ?? lastId };
        const family = new StoreFamily(place, familySpec, spec, live, parts);
        own.add(family);
        families.add(family);
        if (ports.size > 0) post(introduction(family));
        return family;
      },
      replace(replaced: readonly Family[], write: () => void, dropped: (family: Family, row: Row) => void = ignore): void {
        replaceRows(ownFamilies(own, replaced), write, dropped, clock());
      },
      close(): void {
        leave([...own]);
      },
    });
  }

  function share(port: SharePort): () => void {
    port.postMessage({ type: 'walks', word: walks.word } satisfies ShareMessage);
    for (const family of families.all()) port.postMessage(introduction(family));
    ports.add(port);
    return () => void ports.delete(port);
  }

  return Object.freeze({ source, view: createView(families, walks), share });
}

function introduction(family: StoreFamily): ShareMessage {
  const { id, group, spec, source } = family;
  const layout = family.rows.columns.control[control.layout] as number;
  return { type: 'family', id, group, spec, source, buffers: buffersOf(family), layout };
}

function replaceRows(families: readonly StoreFamily[], write: () => void, dropped: (family: Family, row: Row) => void, now: number): void {
  for (const family of families) family.beginReplace();
  try {
    write();
  } catch (error) {
    for (const family of families) family.rollbackReplace();
    throw error;
  }
  commitAll(families, now, dropped);
}

/** All families flip, even when `dropped` throws at one of them. */
function commitAll(families: readonly StoreFamily[], now: number, dropped: (family: Family, row: Row) => void): void {
  const [family, ...rest] = families;
  if (family === undefined) return;
  try {
    family.commitReplace(now, dropped);
  } finally {
    commitAll(rest, now, dropped);
  }
}

function ownFamilies(own: ReadonlySet<StoreFamily>, asked: readonly Family[]): readonly StoreFamily[] {
  const families = [...new Set(asked as readonly StoreFamily[])];
  for (const family of families) {
    if (!own.has(family)) throw new Error(`BUG: replace: ${family.spec.name} is not a family of this source, or the source is closed`);
    if (family.replacing) throw new Error(`BUG: replace: ${family.spec.name} is being replaced already`);
  }
  return families;
}

function ignore(): void {}

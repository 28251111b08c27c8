/**
 * The store itself: sources own families, one thread writes, views walk. See `store.ts` for what is left to producers and
 * readers.
 */
import { control } from './cells/columns.ts';
import { StoreFamily } from './family.ts';
import { FamilyList } from './family-list.ts';
import { createLabelMemory } from './labels/label-memory.ts';
import type { Family, FamilySpec, FamilyView, Row, SharePort, Source, SourceSpec, Store, StoreOptions } from './store.ts';
import { Ports } from './threads/ports.ts';
import { buffersOf, type ShareMessage } from './threads/share.ts';
import { createView } from './walk.ts';
import { createWalks } from './walks.ts';

/**
 * Creates an empty store.
 *
 * @param options `clock` gives milliseconds that only go forward, default `performance.now`; it dates replacements. `firstId` is
 * where the ids of its families begin, default 1. `mostLabelBytes` is what the labels of a family take at most, default 1 GiB.
 */
export function createStore(options: StoreOptions = {}): Store {
  const clock = options.clock ?? (() => performance.now());
  const families = new FamilyList<StoreFamily>();
  const walks = createWalks();
  const ports = new Ports();
  const shared = { walks, memory: createLabelMemory(ports), mostLabelBytes: options.mostLabelBytes, announce: grown, described };
  let lastId = (options.firstId ?? 1) - 1;

  function grown(family: StoreFamily): void {
    if (ports.size === 0) return;
    const layout = (family.rows.columns.control[control.layout] as number) + 1;
    ports.post({ type: 'grown', id: family.id, buffers: buffersOf(family), layout });
  }

  function described({ id, spec }: StoreFamily): void {
    if (ports.size > 0) ports.post({ type: 'described', id, spec });
  }

  function source(spec: SourceSpec): Source {
    const own = new Set<StoreFamily>();
    const held = { heap: 0, buffers: 0 };
    const parts = { ...shared, held, end: (family: StoreFamily) => leave([family]) };

    function leave(ended: readonly StoreFamily[]): void {
      for (const family of ended) {
        own.delete(family);
        family.forget();
        families.remove(family.id);
      }
      ports.post({ type: 'closed', ids: ended.map(({ id }) => id) });
    }

    return Object.freeze({
      spec,
      held,
      family(familySpec: FamilySpec, live: boolean, beside?: Pick<FamilyView, 'group'>): Family {
        lastId++;
        const slot = { id: lastId, group: beside?.group ?? lastId };
        const family = new StoreFamily(slot, familySpec, spec, live, parts);
        own.add(family);
        families.add(family);
        if (ports.size > 0) ports.post(introduction(family));
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
    ports.add(port, walks.word);
    for (const family of families.all()) {
      family.share();
      ports.postTo(port, introduction(family));
    }
    return () => ports.remove(port);
  }

  return Object.freeze({ source, view: createView(families, walks), share });
}

function introduction(family: StoreFamily): ShareMessage {
  const { id, group, spec, source } = family;
  const layout = family.rows.columns.control[control.layout] as number;
  return { type: 'family', id, group, spec, source, buffers: buffersOf(family), layout };
}

function replaceRows(
  families: readonly StoreFamily[],
  write: () => void,
  dropped: (family: Family, row: Row) => void,
  now: number,
): void {
  for (const family of families) family.beginReplace();
  try {
    write();
  } catch (error) {
    for (const family of families) family.rollbackReplace();
    throw error;
  }
  commitAll(families, now, dropped);
}

/**
 * All families flip, even when `dropped` throws at one of them: the first error is thrown on. In linear time, a registry has
 * 20,000 of them.
 */
function commitAll(families: readonly StoreFamily[], now: number, dropped: (family: Family, row: Row) => void): void {
  let failed: { readonly error: unknown } | undefined;
  for (const family of families) {
    try {
      family.commitReplace(now, dropped);
    } catch (error) {
      failed ??= { error };
    }
  }
  if (failed !== undefined) throw failed.error;
}

function ownFamilies(own: ReadonlySet<StoreFamily>, asked: readonly Family[]): readonly StoreFamily[] {
  const families = [...new Set(asked as readonly StoreFamily[])];
  for (const family of families) {
    if (!own.has(family))
      throw new Error(`BUG: replace: ${family.spec.name} is not a family of this source, or the source is closed`);
    if (family.replacing) throw new Error(`BUG: replace: ${family.spec.name} is being replaced already`);
  }
  return families;
}

function ignore(): void {}

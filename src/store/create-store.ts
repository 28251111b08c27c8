/** The store itself: sources own families, one thread writes, views walk. See `store.ts` for what is left to producers and readers. */
import { StoreFamily, type Walks } from './family.ts';
import type { Family, FamilySpec, Row, Source, SourceSpec, Store, StoreOptions } from './store.ts';
import { createView } from './walk.ts';

/**
 * Creates an empty store.
 *
 * @param options `clock` gives milliseconds since the epoch, default `Date.now`; it dates replacements.
 */
export function createStore(options: StoreOptions = {}): Store {
  const clock = options.clock ?? Date.now;
  const families: StoreFamily[] = [];
  const walks: Walks = { newest: 0 };
  let lastId = 0;

  function source(spec: SourceSpec): Source {
    const own = new Set<StoreFamily>();
    return Object.freeze({
      spec,
      family(familySpec: FamilySpec, live: boolean): Family {
        lastId++;
        const family = new StoreFamily(lastId, familySpec, spec, live, walks);
        own.add(family);
        families.push(family);
        return family;
      },
      replace(replaced: readonly Family[], write: () => void, dropped: (family: Family, row: Row) => void = ignore): void {
        replaceRows(ownFamilies(own, replaced), write, dropped, clock());
      },
      close(): void {
        const rest = families.filter((family) => !own.has(family));
        families.splice(0, families.length, ...rest);
        own.clear();
      },
    });
  }

  return Object.freeze({ source, view: createView(families, walks) });
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

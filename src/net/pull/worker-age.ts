/**
 * The listener thread's own series: the age of the values that it serves. In a separate store, because the main thread's store
 * has one writer.
 */
import { createStore, type FamilySpec, joinViews, type View } from '../../core/store/index.ts';

/** Above every id that the main thread's store assigns. */
const ownIds = 2 ** 48;

/** `view`, followed by the age in seconds. Without a family, or before the main thread's first response, nothing is added. */
export function withAge(view: View, spec: FamilySpec | undefined, ageMs: () => number | undefined): View {
  if (spec === undefined) return view;
  const store = createStore({ firstId: ownIds });
  const family = store.source({ scope: { name: 'meterbridge' } }).family({ ...spec, omitEmpty: true }, true);
  let row = 0;
  const own: View = {
    walk(visitor, from, cells) {
      const age = ageMs();
      if (age !== undefined) {
        if (row === 0) row = family.row({ names: [], values: [] }, 0);
        family.cells[row * family.stride] = age / 1_000;
      }
      return store.view.walk(visitor, from, cells);
    },
  };
  return joinViews(view, own, ownIds);
}

/** Every family of a store, without its rows. */
import type { FamilyView, View } from '../../core/store/store.ts';

export function eachFamily(view: View, use: (family: FamilyView) => void): void {
  const visitor = {
    family(family: FamilyView) {
      use(family);
      return false;
    },
    row() {},
  };
  let cursor = view.walk(visitor);
  while (cursor !== undefined) cursor = view.walk(visitor, cursor);
}

import type { FamilySpec } from '../../core/store/store.ts';

/** How every engine exposes the families of instruments that no contract names. */
export const uncontractedFamily = Object.freeze({
  sorted: true,
  omitEmpty: true,
  scopeLabels: true,
  uncontracted: true,
} satisfies Partial<FamilySpec>);

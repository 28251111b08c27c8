import type { FamilySpec } from '../store/store.ts';

/** How the families of instruments are exposed that no contract names, whichever engine records them. */
export const uncontractedFamily = Object.freeze({ sorted: true, omitEmpty: true, scopeLabels: true } satisfies Partial<FamilySpec>);

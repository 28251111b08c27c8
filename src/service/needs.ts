import type { Reference } from '../core/config/schema/index.ts';

/** What an extension offers to other components. */
export type Offer = 'serverAuth' | 'clientAuth' | 'storage';

/** An extension that a component names. */
export interface Needs {
  readonly extension: Reference;
  readonly offer: Offer;
}

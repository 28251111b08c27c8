/** The components that there are. */
import type { Factory } from './component.ts';

export const components: readonly Factory[] = Object.freeze([]);

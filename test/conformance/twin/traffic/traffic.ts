import type { Attributes, Request } from '../requests.ts';

/** @param p begins the name of each metric, and is the instance of `me` */
export type Traffic = (p: string, me: Attributes) => readonly Request[];

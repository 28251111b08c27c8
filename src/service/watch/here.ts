import type { Batch } from '../../formats/otlp/batch/batch.ts';

/** What is being handed on now, for whoever is told of a rejection meanwhile. */
export interface Here {
  batch: Batch | undefined;
  /** Grows with each rejection that is noted. */
  told: number;
  /** Why points were not taken lately: receivers say it again, of the whole request. */
  readonly whys: Set<string>;
}

/** Requests under way at a time that are refused for different reasons. */
const mostWhys = 100;

export function remember({ whys }: Here, why: string): void {
  whys.delete(why);
  whys.add(why);
  const [oldest] = whys;
  if (whys.size > mostWhys && oldest !== undefined) whys.delete(oldest);
}

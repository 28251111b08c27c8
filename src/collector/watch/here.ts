import type { Batch } from '../../otlp/batch/batch.ts';

/** What is being handed on now, for whoever is told of a rejection meanwhile. */
export interface Here {
  batch: Batch | undefined;
  /** Grows with each rejection that somebody has told. */
  told: number;
  /** Why points were not taken the last time: receivers say it again, of the whole request. */
  why: string | undefined;
}

/**
 * A part of what received series are: some streams, with the state of the series that they write to. It is taken between two
 * batches.
 */
import type { Wanted } from '../names/index.ts';

export interface StatePart {
  /**
   * An OTLP request: who the streams are, and the values of their series. Its points have no times. A stream's second point is
   * its share in what several of one resource add up to. Without points: series that expired, in a field that OTLP does not have.
   */
  readonly request: Uint8Array;
  readonly points: number;
  /** For each point in its turn, the numbers of `stateTime`. */
  readonly times: Float64Array;
  /** For each point in its turn, the words of `stateWord`. */
  readonly words: Int32Array;
  /** Names that metrics of this part have, and no earlier part names: whose description, unit and type were first. */
  readonly names: readonly Wanted[];
}

export const stateTime = {
  /** When a point of the stream was last accepted, by the clock by which streams expire. */
  seen: 0,
  /** Of the row, ms since the epoch. Of a stream's share in what several add up to, 1: the stream has ended. */
  start: 1,
} as const;
export const stateTimes = 2;

export const stateWord = {
  /** The time of the series' last point. */
  high: 0,
  low: 1,
  /** Its newest start. */
  startHigh: 2,
  startLow: 3,
  /**
   * One of `stateRole`, and above its bits the print of the newest delta's value; 0: unknown, as in snapshots of versions that
   * had none.
   */
  role: 4,
} as const;
export const stateWords = 5;
export const roleBits = 2;
export const roleMask = 3;

export const stateRole = {
  none: 0,
  /** The stream wrote its series last. */
  wrote: 1,
  /** No series of its labels is shown: the value went, or is none that a counter has. What is in the point stands for nothing. */
  hidden: 2,
  /**
   * It came while earlier parts were taken, and batches that are repeated make it. Its point has nothing but when it was sent
   * last.
   */
  late: 3,
} as const;

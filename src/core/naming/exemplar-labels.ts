/**
 * Which labels an exemplar has: its ids, and behind them each other one that still fits. OpenMetrics 1.0, "Exemplars": "The
 * combined length of the label names and values of an Exemplar's LabelSet MUST NOT exceed 128 UTF-8 character code points";
 * Prometheus rejects a longer one in any format.
 */

/** The names of the ids (OpenTelemetry specification, "Prometheus and OpenMetrics Compatibility", "Exemplars"). */
export const exemplarIds = { trace: 'trace_id', span: 'span_id' } as const;

const mostPoints = 128;
/** Digits of an id. */
const digits = { trace: 32, span: 16 } as const;

/** The labels of one exemplar at a time: a class, because it is asked for each of a request's. */
export class ExemplarRoom {
  private left = mostPoints;
  private hasTrace = false;
  private hasSpan = false;

  /** An exemplar with these ids. */
  begin(hasTrace: boolean, hasSpan: boolean): void {
    this.left = mostPoints;
    this.hasTrace = hasTrace && this.fits(exemplarIds.trace, digits.trace);
    this.hasSpan = hasSpan && this.fits(exemplarIds.span, digits.span);
  }

  /** Whether a label has room, which it takes. An id is there once. `valuePoints`: code points of the value. */
  takes(name: string, valuePoints: number): boolean {
    if ((this.hasTrace && name === exemplarIds.trace) || (this.hasSpan && name === exemplarIds.span)) return false;
    return this.fits(name, valuePoints);
  }

  private fits(name: string, valuePoints: number): boolean {
    const left = this.left - codePoints(name) - valuePoints;
    if (left < 0) return false;
    this.left = left;
    return true;
  }
}

/** How many code points a text has; a half of a surrogate pair is one, because it is written as one. */
export function codePoints(text: string): number {
  let points = text.length;
  for (let index = 1; index < text.length; index++)
    if (isLow(text.charCodeAt(index)) && isHigh(text.charCodeAt(index - 1))) points--;
  return points;
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}

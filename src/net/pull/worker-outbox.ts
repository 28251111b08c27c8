/** What the listener's thread reports to the main thread about requests. Bounded, because a blocked thread reads no messages. */
import type { Refused } from '../access/guarded.ts';

/** The contents of one message. */
export interface Report {
  /** Rejections of one reason that did not fit one by one are merged into one with their `count`. */
  readonly refused: readonly Refused[];
  /** Lines of the access log, oldest first. */
  readonly lines: readonly string[];
}

export interface Outbox {
  refused(event: Refused): void;
  line(line: string): void;
  /** The main thread has received the last message. */
  heard(): void;
}

/** About 1.5 MB. A busy listener fills it within seconds; lines beyond it are dropped, and a log line gives their number. */
const mostLines = 10_000;

/** Posts at once, and after that once for each acknowledgement by the main thread. */
export function createOutbox(post: (report: Report) => void): Outbox {
  let waiting = false;
  let lines: string[] = [];
  let lost = 0;
  const refused = new Map<Refused['reason'], Refused>();

  function send(): void {
    if (waiting || (lines.length === 0 && refused.size === 0)) return;
    if (lost > 0) lines.push(`${lost} lines of the access log are lost: the application was busy for too long`);
    waiting = true;
    post({ refused: [...refused.values()], lines });
    refused.clear();
    lines = [];
    lost = 0;
  }

  return {
    refused(event) {
      const count = (refused.get(event.reason)?.count ?? 0) + event.count;
      refused.set(event.reason, { ...event, count });
      send();
    },
    line(line) {
      if (lines.length < mostLines) lines.push(line);
      else lost += 1;
      send();
    },
    heard() {
      waiting = false;
      send();
    },
  };
}

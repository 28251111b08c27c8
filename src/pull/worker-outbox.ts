/** What the listener's thread tells its host of requests. Bounded, since a host that is blocked hears nothing for as long as it is. */
import type { Refused } from '../access/guarded.ts';

/** What is told in one message. */
export interface Told {
  /** Refusals of one reason that could not be told one by one are one with their `count`. */
  readonly refused: readonly Refused[];
  /** Lines of the access log, oldest first. */
  readonly lines: readonly string[];
}

export interface Outbox {
  refused(event: Refused): void;
  line(line: string): void;
  /** The host has heard what was posted last. */
  heard(): void;
}

/** About 1.5 MB. A busy listener fills it in some seconds; what comes after is counted, and said. */
const mostLines = 10_000;

/** Posts at once, and then once for each time that the host has heard. */
export function createOutbox(post: (told: Told) => void): Outbox {
  let waiting = false;
  let lines: string[] = [];
  let lost = 0;
  const refused = new Map<Refused['reason'], Refused>();

  function send(): void {
    if (waiting || (lines.length === 0 && refused.size === 0)) return;
    if (lost > 0) lines.push(`${lost} lines of the access log are lost: the host was busy for too long`);
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

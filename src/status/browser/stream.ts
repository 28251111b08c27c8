/** The stream of events: open while somebody looks, and closed while the tab is hidden. */
import type { Tick } from '../model/index.ts';

export interface StreamEvents {
  onTick(tick: Tick): void;
  /** Somebody looks again: what was asked for earlier is old. */
  onResume(): void;
  onPause(): void;
  onLost(): void;
}

/** A stream that ends is opened again by the browser; without a message for so long, in milliseconds, the service is gone. */
const lostAfterMs = 4_000;

export function followEvents({ onTick, onResume, onPause, onLost }: StreamEvents): void {
  let events: EventSource | undefined;
  let lost: ReturnType<typeof setTimeout> | undefined;

  function wait(): void {
    clearTimeout(lost);
    lost = setTimeout(() => {
      onLost();
      // A response with an error ends an EventSource for good.
      if (events?.readyState === EventSource.CLOSED) open();
      wait();
    }, lostAfterMs);
  }

  function open(): void {
    events?.close();
    events = new EventSource('/api/events');
    events.addEventListener('tick', ({ data }) => {
      wait();
      onTick(JSON.parse(data));
    });
    wait();
  }

  function follow(): void {
    if (document.hidden) {
      clearTimeout(lost);
      events?.close();
      events = undefined;
      onPause();
    } else {
      onResume();
      open();
    }
  }

  document.addEventListener('visibilitychange', follow);
  if (!document.hidden) open();
  else onPause();
}

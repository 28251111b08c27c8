/**
 * Notifies systemd that the event loop turns (sd_watchdog_enabled(3)): systemd ends a service that has not notified it for
 * `WatchdogSec=`, and restarts it.
 */
import { maxDelayMs } from '../../core/node/within.ts';
import type { Notify } from './notify.ts';

/** sd_watchdog_enabled(3) recommends half of the time; a third allows for a notification that takes long. */
const share = 1 / 3;
const microsecondsPerMs = 1_000;

/** Does nothing without `WATCHDOG_USEC`, and where `WATCHDOG_PID` names another process. Returns what ends it. */
export function startWatchdog(notify: Notify, env: Readonly<Record<string, string | undefined>> = process.env): () => void {
  const { WATCHDOG_USEC = '', WATCHDOG_PID = '' } = env;
  const microseconds = /^\d+$/.test(WATCHDOG_USEC) ? Number(WATCHDOG_USEC) : 0;
  if (microseconds === 0 || (WATCHDOG_PID !== '' && WATCHDOG_PID !== String(process.pid))) return () => {};
  let under = false;
  const timer = setInterval(
    () => {
      // One at a time, however long it takes.
      if (under) return;
      under = true;
      void notify('WATCHDOG=1').then(() => {
        under = false;
      });
    },
    Math.min((microseconds / microsecondsPerMs) * share, maxDelayMs),
  ).unref();
  return () => clearInterval(timer);
}

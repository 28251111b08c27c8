/** Notifies systemd of the service's state, through `systemd-notify`: Node.js has no datagram sockets for paths. */
import { execFile } from 'node:child_process';
import type { Writable } from 'node:stream';
import { visible } from '../../core/errors/visible.ts';

export type State = 'READY=1' | 'RELOADING=1' | 'STOPPING=1' | 'WATCHDOG=1';
/** Resolves when systemd was notified, or when one line has said why not. */
export type Notify = (state: State) => Promise<void>;

/** Longest time for one notification, in milliseconds. systemd-notify itself waits 5 s for systemd. */
const boundMs = 10_000;

/** One notification at a time, in order; what fails is one line. Without `NOTIFY_SOCKET`, nothing happens. */
export function createNotify(stderr: Writable, env: Readonly<Record<string, string | undefined>> = process.env): Notify {
  const { NOTIFY_SOCKET = '' } = env;
  let last: Promise<void> = Promise.resolve();
  let said = false;

  function failed({ message }: Error): void {
    if (!said) stderr.write(`${visible(`systemd is not notified of ${NOTIFY_SOCKET}: ${message.trim()}`)}\n`);
    said = true;
  }

  function send(state: State): Promise<void> {
    return new Promise((done) => {
      execFile('systemd-notify', [state], { timeout: boundMs, env }, (error) => {
        if (error !== null) failed(error);
        done();
      });
    });
  }

  return (state) => {
    if (NOTIFY_SOCKET !== '') last = last.then(() => send(state));
    return last;
  };
}

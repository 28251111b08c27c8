/** Processes of runs that a killed daemon has left behind: nothing of theirs goes on beside what is started in their place. */
import { readFileSync } from 'node:fs';

/** Tells a process from any other that has its pid at another time, by Linux' `/proc`. Undefined elsewhere, and when it has gone. */
export function identityOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The 22nd field is the start, since the machine's; the second is a name that may hold anything, blanks and parentheses included.
    const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${start}`;
  } catch {
    return undefined;
  }
}

/** Ends the process group that it leads, by force. False when it has gone already. */
export function endLeftBehind(pid: number, identity: string): boolean {
  if (identityOf(pid) !== identity) return false;
  try {
    return process.kill(-pid, 'SIGKILL');
  } catch {
    return false;
  }
}

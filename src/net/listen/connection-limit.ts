/** How many connections a process may hold by its limit of open files. */
import { readFileSync } from 'node:fs';

/**
 * Of the descriptors, what is left for files, pipes, and connections to others; half of them where there are fewer than twice as
 * many.
 */
const reserve = 64;

/**
 * Infinity where the system does not report it. Node.js does not report a connection that cannot be accepted because no
 * descriptor is free: all ports end each new one at once then.
 */
export function connectionLimit(read = readLimits): number {
  const soft = Number(/^Max open files +(\d+)/m.exec(read())?.[1] ?? Number.POSITIVE_INFINITY);
  return soft < 2 * reserve ? Math.floor(soft / 2) : soft - reserve;
}

/** Empty elsewhere than on Linux, or where this process may not read it (`--permission`). */
function readLimits(): string {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return '';
  }
}

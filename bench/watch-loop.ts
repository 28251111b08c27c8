/** The shortest that Node's timers know. */
const timerMs = 1;

export interface Longest {
  /** The longest time that a timer of this thread was late. */
  readonly ms: number;
  /**
   * The most processor time that this thread took between two of its turns: what is missing from `ms` the operating system took.
   */
  readonly cpuMs: number;
}

/**
 * A timer and not `setImmediate` again and again: that would keep a core busy, and count whenever the operating system takes it
 * away.
 */
export function watchLoop(): () => Longest {
  let ms = 0;
  let cpuMs = 0;
  let last = performance.now();
  let lastCpu = process.threadCpuUsage();
  let watching = true;
  const turn = (): void => {
    const now = performance.now();
    const { user, system } = process.threadCpuUsage(lastCpu);
    ms = Math.max(ms, now - last - timerMs);
    cpuMs = Math.max(cpuMs, (user + system) / 1_000);
    last = now;
    lastCpu = process.threadCpuUsage();
    if (watching) setTimeout(turn, timerMs);
  };
  setTimeout(turn, timerMs);
  return () => {
    watching = false;
    return { ms, cpuMs };
  };
}

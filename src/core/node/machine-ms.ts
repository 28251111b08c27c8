const nanosPerMs = 1e6;
const started = Number(process.hrtime.bigint()) / nanosPerMs - performance.now();

/** The machine's monotonic clock in milliseconds: the same for all processes, and no time of day. */
export const machineMs = (): number => started + performance.now();

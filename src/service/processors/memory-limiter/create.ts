/**
 * The processor `memory_limiter`: rejects batches while the process uses much memory, so that senders keep them and send them
 * again.
 */
import { totalmem } from 'node:os';
import type { Batch } from '../../../formats/otlp/batch/batch.ts';
import type { Exporter, ProcessorContext } from '../../component.ts';
import type { MemoryLimiterSettings } from './config.ts';

/** Bytes. */
export interface Memory {
  used(): number;
  /** What the process may use. */
  total(): number;
}

const mib = 2 ** 20;
const why = 'data refused due to high memory usage';

const ofThisProcess: Memory = Object.freeze({
  // Resident memory does not fall when memory is freed. Shared buffers, where series are, count among the second.
  used() {
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  },
  total() {
    const limit = process.constrainedMemory();
    return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
  },
});

export function createMemoryLimiter(
  settings: MemoryLimiterSettings,
  context: ProcessorContext,
  memory: Memory = ofThisProcess,
): Exporter {
  const { next, log } = context;
  const refusesFrom = softLimit(settings, memory);
  let refuses = false;
  let timer: NodeJS.Timeout | undefined;

  function look(): void {
    const used = memory.used();
    const wasRefusing = refuses;
    refuses = used >= refusesFrom;
    if (refuses === wasRefusing) return;
    const fields = { cur_mem_mib: Math.floor(used / mib) };
    if (refuses) log.warn('Memory usage is above soft limit. Refusing data.', fields);
    else log.info('Memory usage back within limits. Resuming normal operation.', fields);
  }

  return Object.freeze({
    async start() {
      timer = setInterval(look, settings.check_interval);
      timer.unref();
    },
    async shutdown() {
      clearInterval(timer);
    },
    consume: (batch: Batch) => (refuses ? { points: batch.points, why, retryable: true } : next(batch)),
  });
}

/** In bytes. */
function softLimit(settings: MemoryLimiterSettings, { total }: Memory): number {
  const { limit_mib: fixed, spike_limit_mib: fixedSpike, limit_percentage: share, spike_limit_percentage: shareSpike } = settings;
  const limit = fixed > 0 ? fixed * mib : (share * total()) / 100;
  const spike = fixed > 0 ? fixedSpike * mib : (shareSpike * total()) / 100;
  return limit - (spike === 0 ? limit / 5 : spike);
}

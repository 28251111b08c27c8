import { type Checker, duration, type Infer, section, wholeNumber, withoutEffect } from '../../../core/config/schema/index.ts';

const most = 2 ** 32 - 1;
const collection = 'Node.js decides when it collects garbage';
const amount = wholeNumber({ default: 0, max: most });
const percentage = wholeNumber({ default: 0, max: 100 });

/** The keys of the processor `memory_limiter`. */
export const memoryLimiterSchema = section(
  {
    /** Between two looks at the memory. */
    check_interval: duration({ min: '1ns' }),
    /** MiB; comes before `limit_percentage`. */
    limit_mib: amount,
    /** Of the limit of the process's control group, else of the machine's memory. */
    limit_percentage: percentage,
    /** How far below the limit batches begin to be refused; 0: a fifth of the limit. */
    spike_limit_mib: amount,
    spike_limit_percentage: percentage,
    min_gc_interval_when_soft_limited: withoutEffect(duration({ default: '10s' }), collection),
    min_gc_interval_when_hard_limited: withoutEffect(duration({ default: '0s' }), collection),
    max_gc_interval_when_soft_limited: withoutEffect(duration({ default: '30s' }), collection),
    max_gc_interval_when_hard_limited: withoutEffect(duration({ default: '30s' }), collection),
  },
  check,
);

export type MemoryLimiterSettings = Infer<typeof memoryLimiterSchema>;

interface MemoryLimits {
  readonly limit_mib: number;
  readonly limit_percentage: number;
  readonly spike_limit_mib: number;
  readonly spike_limit_percentage: number;
}

function check(limits: MemoryLimits, on: Checker): void {
  if (limits.limit_mib === 0 && limits.limit_percentage === 0)
    on.refuse('', 'no limit', 'it has limit_mib or limit_percentage', 'add limit_mib: 512');
  for (const unit of ['mib', 'percentage'] as const) {
    const [limit, spike] = [limits[`limit_${unit}`], limits[`spike_limit_${unit}`]];
    if (limit > 0 && spike >= limit)
      on.refuse(
        `spike_limit_${unit}`,
        String(spike),
        `it is below limit_${unit}, which is ${limit}`,
        'leave it out: a fifth of the limit counts',
      );
  }
}

/** Connects a mail queue with its contract. */
import type { Bridge } from 'meterbridge';
import { durationOf } from 'meterbridge/host';
import type { mailqueue } from './contract.ts';

export interface MailqueueProbes {
  waiting(): number | Promise<number>;
  readonly version: '1' | '2';
}

export interface MailqueueRecorder {
  /** A message has left the queue, `ms` milliseconds after its delivery began; less than 0 counts as 0. */
  left(outcome: 'delivered' | 'bounced', ms: number): void;
  detach(): void;
}

export function mailqueueRecorder({ metrics }: Pick<Bridge<typeof mailqueue>, 'metrics'>, probes: MailqueueProbes): MailqueueRecorder {
  metrics.buildInfo.set({ version: probes.version });
  const detach = metrics.waiting.observe(() => probes.waiting());
  return Object.freeze({
    left(outcome: 'delivered' | 'bounced', ms: number) {
      metrics.messages.add(1, { outcome });
      metrics.deliveryDuration.record(durationOf(ms) / 1_000);
    },
    detach,
  });
}

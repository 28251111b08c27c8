/**
 * *Admit* with an end: once closed it lets nothing pass and counts nothing (Metrics SDK, "Shutdown"). Hot paths need no look at it: they know
 * rows, and series that have none are this way's business.
 */
import type { Admit } from '../series/series-table.ts';

export interface ClosableAdmit extends Admit {
  close(): void;
}

export function closable(admit: Admit): ClosableAdmit {
  let closed = false;
  return Object.freeze<ClosableAdmit>({
    ...admit,
    admit: (labels, remark) => (closed ? undefined : admit.admit(labels, remark)),
    matching: (labels) => (closed ? [] : admit.matching(labels)),
    tell(event) {
      if (!closed) admit.tell(event);
    },
    refuse(reason, label) {
      if (!closed) admit.refuse(reason, label);
    },
    close() {
      closed = true;
    },
  });
}

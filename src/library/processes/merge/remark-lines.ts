import { fullLabelFix } from '../../../core/contract/full-label.ts';
import type { Remarks } from './merged.ts';

/** Logs what does not show in the sum as it is. `once` logs a line for each key once. */
export function remarkLines(once: (key: string, line: string) => void, onExcess: (values: number) => void): Remarks {
  return {
    excess: onExcess,
    differs(name) {
      once(
        name,
        `${name}: two processes declare it with different bounds or kinds; the newest is shown. Fix: deploy one version everywhere`,
      );
    },
    changed(name) {
      once(
        `changed ${name}`,
        `${name}: its contract has changed since its totals were kept: those are left out, and it begins again. Fix: none, if that was meant`,
      );
    },
    over(name, label, { limit, other, kind }) {
      const rest = other === undefined ? 'left out' : `added up as ${other}`;
      once(
        `${name}{${label}`,
        `${name}{${label}}: all processes together have more than its limit of ${limit} values; the rest is ${rest}. Fix: ${fullLabelFix(kind)}`,
      );
    },
  };
}

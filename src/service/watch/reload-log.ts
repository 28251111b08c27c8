/** What reloads have come to, the newest first. */
import { MeterbridgeError, type Problem } from '../../core/errors/error.ts';
import { visible } from '../../core/errors/visible.ts';
import type { Reload } from '../../status/model/index.ts';

/** Those that are kept. */
const most = 20;

interface Named {
  readonly name: string;
}

export interface ReloadLog {
  done(lines: readonly string[], before: readonly Named[], now: readonly Named[]): void;
  failed(error: unknown): void;
  /** What was read is not shown: it may be a secret in the wrong place. */
  wrong(problems: readonly Problem[]): void;
  readonly reloads: readonly Reload[];
}

export function createReloadLog(clock: () => number): ReloadLog {
  const reloads: Reload[] = [];

  function add(reload: Omit<Reload, 'at'>): void {
    reloads.unshift({ at: clock(), ...reload });
    reloads.splice(most);
  }

  const none = { added: [], removed: [], replaced: [] };
  return Object.freeze({
    done(lines: readonly string[], before: readonly Named[], now: readonly Named[]) {
      const fresh = now.filter((node) => !before.includes(node)).map(({ name }) => name);
      const gone = before.filter((node) => !now.includes(node)).map(({ name }) => name);
      add({
        outcome: 'done',
        lines,
        added: fresh.filter((name) => !gone.includes(name)),
        removed: gone.filter((name) => !fresh.includes(name)),
        replaced: fresh.filter((name) => gone.includes(name)),
      });
    },
    failed: (error: unknown) => add({ outcome: 'failed', lines: linesOf(error), ...none }),
    wrong: (problems: readonly Problem[]) => add({ outcome: 'wrong', lines: problems.map(withoutValue), ...none }),
    reloads,
  });
}

function linesOf(error: unknown): readonly string[] {
  if (MeterbridgeError.is(error)) return error.problems.map(withoutValue);
  return (error instanceof Error ? error.message : String(error)).split('\n').map(visible);
}

export function withoutValue({ at, rule, fix }: Problem): string {
  return visible(`${at}: ${rule}. Fix: ${fix}.`);
}

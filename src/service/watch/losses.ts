/** What a node refuses or drops of the batches that it is handed, noted once: where it happens, with its cause. */
import type { NotTaken, Verdict } from '../component.ts';
import type { Handed } from './edges.ts';
import type { Producer } from './producer.ts';
import { reasonOf } from './reasons.ts';
import type { Loss } from './refusal-book.ts';
import type { ShownSeries } from './shown.ts';

export type Sender = Producer | 'several' | undefined;

export interface LossesParts {
  /** Series of a node, if it keeps some. */
  readonly shown: (key: string) => ShownSeries | undefined;
  /** Whose the batch is that is handed on now. */
  readonly sender: () => Sender;
  /** Rejections that a node has told of itself so far. */
  readonly toldBy: (key: string) => number;
  readonly note: (loss: Loss, sender: Sender) => void;
}

interface Missing {
  readonly reason: string;
  readonly times: number;
}

/** @returns what is noted behind each batch for a node */
export function createLosses({ shown, sender, toldBy, note }: LossesParts): (to: string) => Handed {
  /** Verdicts that came late and are noted: they pass through nodes as they are. */
  const noted = new WeakSet<NotTaken>();

  return (to) => {
    let ignored = shown(to)?.ignored() ?? 0;
    let before = new Map(shown(to)?.state().notTaken);

    /** False: its series have no more to say. */
    function byReason(verdict: Verdict, whose: () => Sender): boolean {
      const series = shown(to);
      if (series === undefined || series.ignored() === ignored) return false;
      const { notTaken } = series.state();
      const missing = [...notTaken].map(([reason, count]) => ({ reason, times: count - (before.get(reason) ?? 0) }));
      noteEach(
        missing.filter(({ times }) => times > 0),
        verdict,
        whose(),
      );
      before = new Map(notTaken);
      ignored = series.ignored();
      return true;
    }

    function noteEach(missing: readonly Missing[], verdict: Verdict, whose: Sender): void {
      const refused = refusedOf(missing, verdict, to);
      for (const one of missing) {
        const isRefused = refused.includes(one);
        // A verdict has one sentence: of several reasons, it is not known whose.
        const message = isRefused && refused.length === 1 ? verdict?.why : undefined;
        note({ by: to, ...one, what: isRefused ? 'refused' : 'dropped', unit: 'points', message }, whose);
      }
    }

    function rejected({ points, why, error }: NotTaken, whose: Sender): void {
      note(
        { by: to, reason: 'rejected', what: error ? 'failed' : 'refused', unit: 'points', times: points, message: why },
        whose,
      );
    }

    return {
      now(verdict, told) {
        if (!byReason(verdict, sender) && verdict !== undefined && !told) rejected(verdict, sender());
      },
      later() {
        const whose = sender();
        const tells = toldBy(to);
        return (verdict) => {
          const isBehind = verdict !== undefined && (noted.has(verdict) || verdict.partly === true);
          if (verdict !== undefined) noted.add(verdict);
          if (!byReason(verdict, () => whose) && verdict !== undefined && !isBehind && toldBy(to) === tells)
            rejected(verdict, whose);
        };
      },
    };
  };
}

/** Which of them the verdict is about: others were dropped without a word. */
function refusedOf(missing: readonly Missing[], verdict: Verdict, by: string): readonly Missing[] {
  if (verdict === undefined) return [];
  const { points } = verdict;
  const mayBe = missing.filter(({ reason }) => reasonOf(reason, by)?.what !== 'dropped');
  const fits = (some: readonly Missing[]) => some.reduce((sum, { times }) => sum + times, 0) === points;
  const alone = mayBe.filter((one) => fits([one]));
  return [missing, mayBe, alone].find(fits) ?? mayBe;
}

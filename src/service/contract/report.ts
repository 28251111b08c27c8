import type { Contract } from '../../core/contract/index.ts';
import { shown } from '../../core/errors/shown.ts';
import type { Batch } from '../../formats/otlp/batch/batch.ts';
import { metricAt, resourceAt } from '../../formats/otlp/batch/batch-index.ts';
import { stringIn } from '../../formats/otlp/wire/read-message.ts';
import { nameOfTarget, targetOf } from '../received/names/index.ts';
import type { Broken, Reason } from './broken.ts';

export interface ReportOptions {
  readonly contract: Contract;
  /** Called once for each producer and reason. */
  readonly tell: (line: string) => void;
  /** Called for all of them. */
  readonly count: (reason: Reason, points: number) => void;
}

/** Reports points of the metric `m` of the resource `r` that break the contract. */
export type Report = (batch: Batch, r: number, m: number, broken: Broken, points: number) => void;

/** Maximum number of pairs of a producer and a reason that are reported. */
const mostReported = 10_000;

export function createReport({ contract, tell, count }: ReportOptions): Report {
  const reported = new Set<string>();
  return ({ bytes, index }, r, m, { reason, what }, points) => {
    count(reason, points);
    if (reported.size >= mostReported) return;
    const producer = nameOfTarget(
      targetOf(bytes.slice(index[r + resourceAt.from] as number, index[r + resourceAt.to] as number)),
    );
    const key = `${reason} ${producer}`;
    if (reported.has(key)) return;
    reported.add(key);
    const name = stringIn(bytes, index[m + metricAt.nameFrom] as number, index[m + metricAt.nameTo] as number);
    tell(`${shown(name)} of ${producer} breaks the contract ${contract.name}: ${what}`);
  };
}

/** The resources that metrics come from. */
import type { Batch } from '../../../formats/otlp/batch/batch.ts';
import { resourceAt } from '../../../formats/otlp/batch/batch-index.ts';
import { nameOfTarget, type Target, targetOf } from '../../../service/received/names/index.ts';
import type { Report } from './report.ts';

export interface Origin {
  readonly target: Target;
  /** For messages; distinguishes resources. */
  readonly name: string;
}

export interface Origins {
  /** Undefined: there are too many. */
  of(batch: Batch, resource: number, line: number | undefined): Origin | undefined;
}

const mostResources = 100_000;

export function createOrigins(report: Report): Origins {
  const known = new Map<string, Origin>();

  return {
    of({ bytes, index }, resource, line) {
      const own = bytes.slice(index[resource + resourceAt.from], index[resource + resourceAt.to]);
      const key = Buffer.from(own).toString('latin1');
      const found = known.get(key);
      if (found !== undefined) return found;
      if (known.size >= mostResources) {
        report.add('otlp-limit-series', '', `series of more than ${mostResources} resources`, { line });
        return undefined;
      }
      const target = targetOf(own);
      const origin = { target, name: `${nameOfTarget(target)} (resource ${known.size + 1})` };
      known.set(key, origin);
      if (target.job === '') report.add('otlp-service-name', '', 'a resource without service.name', { line });
      return origin;
    },
  };
}

/** Which of a registry's metrics are shown, and under which names: a name that is written belongs to one family. */
import { shown } from '../../core/errors/shown.ts';
import { defaultStrategy, openMetricsFamily, seriesNames } from '../../core/naming/index.ts';
import type { ExposedNames, FamilyView, Source, View } from '../../core/store/index.ts';
import type { ReadFamily } from './read-metric.ts';

/**
 * Of the name of a metric and of its labels, in UTF-16 code units, which are bytes of a legal name: as of a label value, by
 * default.
 */
const longestName = 1_024;

/** Of the data model, "Metric names and labels"; a colon is legal there. */
const legalName = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

export interface Named {
  readonly exposed: ExposedNames;
  readonly read: ReadFamily;
}

/** `refuse` is called for each metric that is not shown, with the reason. */
export type ChooseNames = (read: readonly ReadFamily[], refuse: (name: string, reason: string) => void) => readonly Named[];

export function createNames(view: View, own: Source): ChooseNames {
  const known = new WeakMap<FamilyView, readonly string[]>();

  function claimsOf(family: FamilyView): readonly string[] {
    const claims = known.get(family) ?? seriesNames(family.spec, defaultStrategy, '').claims;
    known.set(family, claims);
    return claims;
  }

  /** By name: the scope that has it. */
  function claimedByOthers(): Map<string, string> {
    const claimed = new Map<string, string>();
    const visitor = {
      family(family: FamilyView) {
        if (family.source !== own.spec) for (const name of claimsOf(family)) claimed.set(name, family.source.scope.name);
        return false;
      },
      row() {},
    };
    for (let cursor = view.walk(visitor); cursor !== undefined; ) cursor = view.walk(visitor, cursor);
    return claimed;
  }

  return (read, refuse) => {
    const claimed = claimedByOthers();
    const registered = new Set(read.map(({ name }) => name));
    const chosen: Named[] = [];
    for (const one of read) {
      const { name, kind } = one;
      const before = chosen.at(-1);
      // Series of another shape follow those of the first.
      if (before?.read.name === name) {
        chosen.push({ exposed: before.exposed, read: one });
        continue;
      }
      if (isTooLong(one)) {
        refuse(shown(name, 60), `a name of more than ${longestName} bytes, its own or a label's. Fix: rename it`);
        continue;
      }
      const exposed = exposedNames(one, (taken) => registered.has(taken) || claimed.has(taken));
      const { claims } = seriesNames({ name, unit: '', kind, exposed }, defaultStrategy, '');
      const taken = claims.find((claim) => claimed.has(claim));
      if (!legalName.test(name)) refuse(shown(name, 60), 'no format can hold this name. Fix: rename it');
      else if (taken !== undefined)
        refuse(name, `${claimed.get(taken)} has the name ${taken} already. Fix: remove or rename one of the two`);
      else {
        for (const claim of claims) claimed.set(claim, 'another metric of the registry');
        chosen.push({ exposed, read: one });
      }
    }
    return chosen;
  };
}

function isTooLong({ name, series }: ReadFamily): boolean {
  return name.length > longestName || series.some(({ names }) => names.some((label) => label.length > longestName));
}

/**
 * OpenMetrics' names of a counter `x_total` include `x` and `x_created`, which a text registry may give to others: then it is
 * `unknown` there.
 */
function exposedNames({ name, kind }: ReadFamily, isTaken: (name: string) => boolean): ExposedNames {
  const family = openMetricsFamily(name, kind);
  const isFree = kind !== 'counter' || family === name || !(isTaken(family) || isTaken(`${family}_created`));
  return { series: name, openMetrics: isFree ? family : name };
}

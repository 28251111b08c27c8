/** `/api/series`, `/api/labels` and `/api/family`: over all exporters that keep series. */

import { createExplorer, type Explorer } from '../../status/explore/explorer.ts';
import type { PageValues } from '../../status/page-values.ts';
import type { StatusSource } from '../../status/status-source.ts';
import type { Node } from '../graph/nodes/node.ts';
import type { Limits } from '../limits.ts';
import { nameShown } from '../received/names/index.ts';
import type { ShownSeries } from './shown.ts';
import type { Watch } from './watch.ts';

export interface SeriesParts {
  readonly watch: Watch;
  readonly nodes: () => readonly Node[];
  readonly limits: Limits;
  readonly values: PageValues;
  readonly clock: () => number;
}

export function createSeriesAnswers(parts: SeriesParts): Required<Pick<StatusSource, 'series' | 'labels' | 'family'>> {
  const { watch, nodes, limits, values, clock } = parts;
  const explorers = new WeakMap<ShownSeries, Explorer>();

  function explorerOf(key: string, shown: ShownSeries): Explorer {
    const known = explorers.get(shown);
    if (known !== undefined) return known;
    const { view, owners } = shown;
    const warnings = () => nodes().find(({ name }) => name === key)?.facts.warnings ?? [];
    const conflictsOf = (name: string) => warnings().filter((line) => line.includes(nameShown(name)));
    const explorer = createExplorer({ key, view, ownerOf: owners.of.bind(owners), values, conflictsOf, clock });
    explorers.set(shown, explorer);
    return explorer;
  }

  const all = () => [...watch.shown].map(([key, shown]) => ({ key, shown, explorer: explorerOf(key, shown) }));

  watch.eachUse(all);
  watch.meters.eachMinute(() => {
    for (const { explorer } of all()) void explorer.rows.minute();
  });

  return {
    async series(by) {
      const stores = all().map(async ({ key, shown, explorer }) => {
        const { series, families } = shown.state();
        const limited = { series, seriesLimit: limits.maxSeries, families, familyLimit: limits.maxFamilies };
        return { key, limited, bytes: shown.bytes(), ...(await explorer.series(by)) };
      });
      return { at: clock(), stores: await Promise.all(stores) };
    },
    labels: async () => {
      const stores = await Promise.all(all().map(({ explorer }) => explorer.labels()));
      return { at: clock(), stores };
    },
    family: async (store, name) =>
      all()
        .find(({ key }) => key === store)
        ?.explorer.family(name),
  };
}

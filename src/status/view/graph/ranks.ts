/** In which column each node stands: as far left as what leads to it permits, and what leads nowhere at the right. */

interface Ends {
  readonly from: string;
  readonly to: string;
}

export function ranksOf(keys: readonly string[], edges: readonly Ends[]): ReadonlyMap<string, number> {
  const ranks = new Map(keys.map((key) => [key, 0]));
  // Each round moves what follows one to the right; a graph without a circle has come to rest after as many rounds as it has
  // nodes.
  for (let round = 0, moved = true; moved && round < keys.length; round++) {
    moved = false;
    for (const { from, to } of edges) {
      const rank = (ranks.get(from) ?? 0) + 1;
      if (from === to || rank <= (ranks.get(to) ?? rank)) continue;
      ranks.set(to, rank);
      moved = true;
    }
  }
  const last = Math.max(0, ...ranks.values());
  const leads = new Set(edges.map(({ from }) => from));
  for (const { to } of edges) if (!leads.has(to)) ranks.set(to, last);
  return ranks;
}

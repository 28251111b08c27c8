/** Where the nodes of the graph stand, and along which points its edges run. From left to right, as points flow. */
import { ranksOf } from './ranks.ts';

export interface Placed {
  readonly key: string;
  /** Of its upper left corner. */
  readonly x: number;
  readonly y: number;
}

export interface Routed<E> {
  readonly edge: E;
  /** From the right side of a node to the left side of another; those between are passed between other nodes. */
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Layout<E> {
  readonly width: number;
  readonly height: number;
  readonly nodeWidth: number;
  readonly nodeHeight: number;
  readonly nodes: readonly Placed[];
  readonly edges: readonly Routed<E>[];
}

const fullWidth = 1_120;
const [narrowest, widest] = [150, 236];
const nodeHeight = 70;
const rowGap = 26;
/** Room for an edge's number. */
const columnGap = 116;

interface Slot {
  readonly key: string;
  readonly rank: number;
  readonly before: string[];
}

export function layoutOf<E extends { readonly from: string; readonly to: string }>(
  keys: readonly string[],
  edges: readonly E[],
): Layout<E> {
  const ranks = ranksOf(keys, edges);
  const slots = new Map<string, Slot>(keys.map((key) => [key, { key, rank: ranks.get(key) ?? 0, before: [] }]));
  const chains = edges.map((edge, index) => chainOf(edge, `edge ${index}`, slots));
  const columns = inColumns([...slots.values()]);
  const nodeWidth = Math.min(
    widest,
    Math.max(narrowest, (fullWidth - columnGap * (columns.length - 1)) / Math.max(1, columns.length)),
  );
  const width = Math.max(fullWidth, columns.length * (nodeWidth + columnGap) - columnGap);
  const step = columns.length < 2 ? 0 : (width - nodeWidth) / (columns.length - 1);
  const tallest = Math.max(1, ...columns.map((column) => column.length));
  const height = tallest * (nodeHeight + rowGap);
  const at = new Map<string, Placed>();
  columns.forEach((column, rank) => {
    const top = (height - column.length * (nodeHeight + rowGap) + rowGap) / 2;
    for (const [row, { key }] of column.entries()) at.set(key, { key, x: rank * step, y: top + row * (nodeHeight + rowGap) });
  });
  const routed = edges.map((edge, index) => ({ edge, points: pointsOf(chains[index] ?? [], at, nodeWidth) }));
  return { width, height, nodeWidth, nodeHeight, nodes: keys.map((key) => at.get(key) as Placed), edges: routed };
}

/** The edge's nodes, with a place to pass in each column between them. */
function chainOf(
  edge: { readonly from: string; readonly to: string },
  name: string,
  slots: Map<string, Slot>,
): readonly string[] {
  const [from, to] = [slots.get(edge.from), slots.get(edge.to)];
  if (from === undefined || to === undefined) return [];
  const chain = [edge.from];
  for (let rank = from.rank + 1; rank < to.rank; rank++) {
    const key = `${name} ${rank}`;
    slots.set(key, { key, rank, before: [chain.at(-1) as string] });
    chain.push(key);
  }
  to.before.push(chain.at(-1) as string);
  chain.push(edge.to);
  return chain;
}

/** Each column in the order of what leads there, so that few edges cross. */
function inColumns(slots: readonly Slot[]): readonly (readonly Slot[])[] {
  const columns: Slot[][] = [];
  for (const slot of slots) {
    columns[slot.rank] ??= [];
    columns[slot.rank]?.push(slot);
  }
  const place = new Map<string, number>();
  for (const column of columns) {
    const wish = new Map(column.map((slot, index) => [slot, mean(slot.before.map((key) => place.get(key) ?? 0)) ?? index]));
    column.sort((a, b) => (wish.get(a) as number) - (wish.get(b) as number));
    for (const [index, { key }] of column.entries()) place.set(key, (index + 0.5) / column.length);
  }
  return columns;
}

const mean = (values: readonly number[]) =>
  values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;

function pointsOf(chain: readonly string[], at: ReadonlyMap<string, Placed>, nodeWidth: number): (readonly [number, number])[] {
  return chain.flatMap((key, index) => {
    const { x, y } = at.get(key) as Placed;
    const middle = y + nodeHeight / 2;
    if (index === 0) return [[x + nodeWidth, middle] as const];
    if (index === chain.length - 1) return [[x, middle] as const];
    return [[x, middle] as const, [x + nodeWidth, middle] as const];
  });
}

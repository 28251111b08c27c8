/** From the graph at work to another one, so that what both have never stops. */
import type { Logger } from '../telemetry/logger.ts';
import type { Graph } from './build.ts';
import { type Node, nodesConflict } from './nodes/node.ts';

/** What runs once a transition has failed, for the way back. */
export class TransitionFailed extends Error {
  readonly running: readonly Node[];
  /** Those that were to start behind the end of others; batches may wait for them. */
  readonly late: readonly Node[];
  readonly left: Left;

  constructor(cause: unknown, running: readonly Node[], left: Left, late: readonly Node[] = []) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.running = running;
    this.left = left;
    this.late = late;
  }
}

/** By a node's name: what its former one has handed over. */
export type Left = Map<string, unknown>;

/**
 * Starts what is new, lets it replace what goes, and then ends that. Where both need one address, the old node leaves it or is
 * ended first, and batches for the new one wait until it has started. Resolves once all of the new graph works, with a function
 * that ends the rest of what goes.
 *
 * @param wired called once what receivers accept reaches the new graph; `late`: nodes of it that do not work yet
 * @param left by a transition that has failed
 *
 * Rejects with `TransitionFailed` where a node does not start: what is new and no longer needed has been ended.
 */
export async function changeTo(
  graph: Graph,
  running: readonly Node[],
  log: Logger,
  wired: (late: readonly Node[]) => void = () => {},
  left: Left = new Map(),
): Promise<() => Promise<void>> {
  const leaving = running.filter((node) => !graph.nodes.includes(node));
  const late = graph.fresh.filter((node) => leaving.some((old) => nodesConflict(node, old)));
  const early = graph.fresh.filter((node) => !late.includes(node));
  for (const { gate } of late) gate.shut();
  const started: Node[] = [];
  try {
    await startAll(early, started, log, left);
  } catch (error) {
    for (const { gate } of late) gate.refuse();
    await endAll(started, log);
    throw new TransitionFailed(error, running, left);
  }
  graph.wire();
  wired(late);
  const { first, moving } = inTheWay(leaving, late);
  const rest = leaving.filter((node) => !first.includes(node));
  await endAll(first, log, graph.nodes, left);
  for (const { component } of moving) component.leave?.();
  try {
    await startAll(late, started, log, left);
  } catch (error) {
    const failed = started.at(-1);
    if (failed !== undefined) await endAll([failed], log, [failed], left);
    await endAll(moving, log);
    const working = graph.nodes.filter((node) => node !== failed && (started.includes(node) || !graph.fresh.includes(node)));
    throw new TransitionFailed(error, [...working, ...rest.filter((node) => !moving.includes(node))], left, late);
  }
  for (const { gate } of late) gate.open();
  return () => endAll(rest, log, graph.nodes, left, (heir) => inherit(heir, log, left));
}

/** @param started has what was begun, also what did not start */
async function startAll(nodes: readonly Node[], started: Node[], log: Logger, left: Left): Promise<void> {
  for (const node of nodes) {
    started.push(node);
    inherit(node, log, left);
    await node.component.start();
  }
}

/**
 * Receivers first, and extensions last. What is not a processor ends at the same time as its kind: each has its own wait for
 * others. Never rejects.
 * @param heirs whose nodes take over what those of their name hand over
 * @param behind called with the heir once `left` has what is for it
 */
export async function endAll(
  nodes: readonly Node[],
  log: Logger,
  heirs: readonly Node[] = [],
  left: Left = new Map(),
  behind: (heir: Node) => void = () => {},
): Promise<void> {
  async function end({ component, name, gone }: Node): Promise<void> {
    const heir = heirs.find((node) => node.name === name);
    try {
      if (component.handOver === undefined || heir?.component.takeOver === undefined) await component.shutdown();
      else {
        left.set(name, await component.handOver());
        behind(heir);
      }
    } catch (error) {
      log.error(`${name} did not close: ${String(error)}`);
    }
    gone();
  }

  for (const turn of turnsOf(nodes.toReversed())) await Promise.all(turn.map(end));
}

/** A processor by itself: it hands what it holds to the next one. */
function turnsOf(nodes: readonly Node[]): readonly (readonly Node[])[] {
  const turns: Node[][] = [];
  for (const node of nodes) {
    const turn = turns.at(-1);
    if (turn?.[0]?.kind === node.kind && node.kind !== 'processor') turn.push(node);
    else turns.push([node]);
  }
  return turns;
}

function inherit({ name, component }: Node, log: Logger, left: Left): void {
  if (!left.has(name)) return;
  try {
    component.takeOver?.(left.get(name));
  } catch (error) {
    log.error(`${name} did not take over what the former one handed over: ${String(error)}`);
  }
  left.delete(name);
}

/**
 * `first`: those whose address is needed, to be ended first; ahead of an exporter also what may still hand it batches. `moving`:
 * those that can leave theirs, and end with the rest.
 */
function inTheWay(leaving: readonly Node[], late: readonly Node[]): Readonly<Record<'first' | 'moving', readonly Node[]>> {
  const conflicting = leaving.filter((old) => late.some((node) => nodesConflict(node, old)));
  const feeds = conflicting.some(({ kind }) => kind === 'exporter');
  const moving = feeds ? [] : conflicting.filter(({ component }) => component.leave !== undefined);
  const first = leaving.filter(
    (old) =>
      !moving.includes(old) && (conflicting.includes(old) || (feeds && (old.kind === 'receiver' || old.kind === 'processor'))),
  );
  return { first, moving };
}

/** From the graph at work to another one, so that what both have never stops. */
import type { Logger } from '../telemetry/logger.ts';
import type { Graph } from './build.ts';
import { type Node, nodesMeet } from './node.ts';

/** What runs once a transition has failed, for the way back. */
export class TransitionFailed extends Error {
  readonly running: readonly Node[];
  /** Those that were to start behind the end of others; batches may wait for them. */
  readonly late: readonly Node[];

  constructor(cause: unknown, running: readonly Node[], late: readonly Node[] = []) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.running = running;
    this.late = late;
  }
}

/**
 * Starts what is new, lets it take the place of what goes, and then ends that. Where both need one address, the old node is ended first, and batches for
 * the new one wait until it has started. Resolves once all of the new graph works, with a function that ends the rest of what goes.
 *
 * @param wired called once what receivers take reaches the new graph; `late`: nodes of it that do not work yet
 *
 * Rejects with `TransitionFailed` where a node does not start: what is new and no longer needed has been ended.
 */
export async function changeTo(
  graph: Graph,
  running: readonly Node[],
  log: Logger,
  wired: (late: readonly Node[]) => void = () => {},
): Promise<() => Promise<void>> {
  const leaving = running.filter((node) => !graph.nodes.includes(node));
  const late = graph.fresh.filter((node) => leaving.some((old) => nodesMeet(node, old)));
  const early = graph.fresh.filter((node) => !late.includes(node));
  for (const { gate } of late) gate.shut();
  const started: Node[] = [];
  try {
    await startAll(early, started);
  } catch (error) {
    for (const { gate } of late) gate.refuse();
    await endAll(started, log);
    throw new TransitionFailed(error, running);
  }
  graph.wire();
  wired(late);
  const first = endedFirst(leaving, late);
  const rest = leaving.filter((node) => !first.includes(node));
  await endAll(first, log);
  try {
    await startAll(late, started);
  } catch (error) {
    const failed = started.at(-1);
    if (failed !== undefined) await endAll([failed], log);
    const working = graph.nodes.filter((node) => node !== failed && (started.includes(node) || !graph.fresh.includes(node)));
    throw new TransitionFailed(error, [...working, ...rest], late);
  }
  for (const { gate } of late) gate.open();
  return () => endAll(rest, log);
}

/** @param started has what was begun, also what did not start */
async function startAll(nodes: readonly Node[], started: Node[]): Promise<void> {
  for (const node of nodes) {
    started.push(node);
    await node.component.start();
  }
}

/** Receivers first, and extensions last. Never rejects. */
export async function endAll(nodes: readonly Node[], log: Logger): Promise<void> {
  for (const { component, name, gone } of nodes.toReversed()) {
    try {
      await component.shutdown();
    } catch (error) {
      log.error(`${name} did not close: ${String(error)}`);
    }
    gone();
  }
}

/** Those whose address is needed; ahead of an exporter also what may still hand it batches. */
function endedFirst(leaving: readonly Node[], late: readonly Node[]): readonly Node[] {
  const met = leaving.filter((old) => late.some((node) => nodesMeet(node, old)));
  const feeds = met.some(({ kind }) => kind === 'exporter');
  return leaving.filter((old) => met.includes(old) || (feeds && (old.kind === 'receiver' || old.kind === 'processor')));
}

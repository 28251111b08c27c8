/** The nodes at work, and their change to what another configuration says. */
import type { Factory } from '../component.ts';
import type { CheckedConfig } from '../config/index.ts';
import { type BuildOptions, buildGraph } from './build.ts';
import type { Node } from './nodes/node.ts';
import { changeTo, endAll, type Left, TransitionFailed } from './transition.ts';

export interface AtWork {
  /** In the order in which they started. */
  readonly nodes: readonly Node[];
  /**
   * Resolves once the new configuration works; what goes may still be ending. Rejects with what a component could not start by:
   * the former configuration works on.
   */
  change(to: CheckedConfig<Factory>): Promise<void>;
  end(): Promise<void>;
}

export function createAtWork(given: Omit<BuildOptions, 'extensions'>): AtWork {
  const options: BuildOptions = { ...given, extensions: new Map() };
  const { log, fail } = options;
  let nodes: readonly Node[] = [];
  let config: CheckedConfig<Factory> | undefined;
  let ending: Promise<void> = Promise.resolve();

  async function go(
    to: CheckedConfig<Factory>,
    wired?: (now: readonly Node[], late: readonly Node[]) => void,
    left?: Left,
  ): Promise<void> {
    // What goes may have an address that is needed now.
    await ending;
    const graph = buildGraph(to, options, nodes);
    ending = (await changeTo(graph, nodes, log, (late) => wired?.(graph.nodes, late), left))();
    nodes = graph.nodes;
    for (const { component, facts } of graph.fresh) {
      facts.works = true;
      component.ready?.();
    }
  }

  /** To the configuration that worked, some of whose nodes have ended. */
  async function back(why: TransitionFailed): Promise<void> {
    nodes = why.running;
    const refuse = () => {
      for (const { gate } of why.late) gate.refuse();
    };
    try {
      if (config === undefined) refuse();
      else await go(config, (now, late) => (late.length > 0 ? refuse() : handBack(why.late, now)), why.left);
    } catch (error) {
      refuse();
      if (error instanceof TransitionFailed) nodes = error.running;
      fail(new Error(`${why.message}; and the former configuration works no longer: ${String(error)}`, { cause: error }));
    }
  }

  return Object.freeze({
    get nodes() {
      return nodes;
    },
    async change(to: CheckedConfig<Factory>) {
      try {
        await go(to);
        config = to;
      } catch (error) {
        if (!(error instanceof TransitionFailed)) throw error;
        if (error.running !== nodes) await back(error);
        throw error.cause;
      }
    },
    async end() {
      await ending;
      await endAll(nodes, log);
    },
  });
}

/** What waits for nodes that did not start goes to those that they were to replace. */
function handBack(late: readonly Node[], to: readonly Node[]): void {
  for (const { name, gate } of late) {
    const former = to.find((node) => node.name === name);
    if (former === undefined) gate.refuse();
    else gate.open(former.consume);
  }
}

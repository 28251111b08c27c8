/** A view of a store from another thread. It reads the writer's memory; what it hears from the writer are new buffers only. */
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { createScratch, RemoteFamily } from './remote-family.ts';
import type { ShareMessage } from './share.ts';
import type { Cursor, View, Visitor } from './store.ts';
import { cellsVisited, firstRow, indexOf, nextCursor } from './walk.ts';
import { createWalks, nextWalk, type Walks } from './walks.ts';

/**
 * Makes a view of the store that shares itself over the other end of `port` (`Store.share`). Whatever the writer does meanwhile, a row is
 * shown with its own series' values, or not at all; a family that is being replaced is waited for. A histogram's sum may be ahead of its
 * buckets by what was recorded while they were copied: a guard would cost the hot path more than the difference is worth.
 */
export function createRemoteView(port: MessagePort): View {
  let families: RemoteFamily[] = [];
  const scratch = createScratch();
  let walks: Walks = createWalks();

  function take(message: ShareMessage): void {
    if (message.type === 'walks') walks = createWalks(message.word);
    else if (message.type === 'family') families.push(new RemoteFamily(message, scratch, drain));
    else if (message.type === 'grown') known(message.id)?.replace(message.buffers, message.layout);
    // A list of its own, because a walk may be under way in this one.
    else families = families.filter(({ id }) => !message.ids.includes(id));
  }

  function known(id: number): RemoteFamily | undefined {
    const family = families[indexOf(families, id)];
    return family?.id === id ? family : undefined;
  }

  /** Messages are there as soon as they are posted, whatever either thread's loop does. */
  function drain(): void {
    for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) take(next.message);
  }

  // Between walks too: a message that waits keeps the buffers alive that it replaces.
  port.on('message', take);

  return Object.freeze({
    walk(visitor: Visitor, from?: Cursor, cells = Number.POSITIVE_INFINITY): Cursor | undefined {
      drain();
      const walk = from?.walk ?? nextWalk(walks);
      const list = families;
      let left = cells;
      for (let index = indexOf(list, from?.family ?? 0); index < list.length; index++) {
        const family = list[index] as RemoteFamily;
        const start = family.id === from?.family ? from.row : firstRow;
        const loaded = family.load(start, left);
        if (loaded === undefined) return { family: family.id, row: start, walk };
        const shown = start !== firstRow || visitor.family(family);
        if (shown === undefined) return { family: family.id, row: firstRow, walk };
        const end = shown ? loaded : family.used;
        if (shown) family.visit(visitor, start, end, walk);
        left -= cellsVisited(family, shown, end - start);
        if (left <= 0 || end < family.used) return nextCursor(list, index, end, walk);
      }
      return undefined;
    },
  });
}

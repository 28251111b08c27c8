/** A view of a store from another thread. It reads the writer's memory; messages only hand it new buffers. */
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { FamilyList } from '../family-list.ts';
import type { Cursor, View, Visitor } from '../store.ts';
import { cellsVisited, cursorAt, firstRow, nextCursor } from '../walk.ts';
import { createWalks, nextWalk, type Walks } from '../walks.ts';
import { createScratch, RemoteFamily } from './remote-family.ts';
import type { ShareMessage } from './share.ts';

/**
 * Makes a view of the store that shares itself over the other end of `port` (`Store.share`). While the writer works, the view
 * shows a row with its own series' values or not at all, and waits for a family that is being replaced. A histogram's sum may be
 * ahead of its buckets by what was recorded during the copy: a guard would slow recording down.
 */
export function createRemoteView(port: MessagePort): View {
  const families = new FamilyList<RemoteFamily>();
  const scratch = createScratch();
  let walks: Walks = createWalks();
  let taken: Int32Array | undefined;

  function take(message: ShareMessage): void {
    if (message.type === 'walks') {
      walks = createWalks(message.word);
      taken = message.taken;
    } else if (message.type === 'family') families.add(new RemoteFamily(message, scratch, drain));
    else if (message.type === 'grown') families.get(message.id)?.replace(message.buffers, message.layout);
    else if (message.type === 'described') families.get(message.id)?.describe(message.spec);
    else for (const id of message.ids) families.remove(id);
    // Last: the writer may change what this replaced.
    if (taken !== undefined) Atomics.add(taken, 0, 1);
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
      let left = cells;
      for (let entry = families.from(from?.group ?? 0, from?.family ?? 0); entry !== undefined; entry = families.behind(entry)) {
        const { family } = entry;
        if (family === undefined) continue;
        const start = family.id === from?.family ? from.row : firstRow;
        const loaded = family.load(start, left);
        if (loaded === undefined) return cursorAt(family, start, walk);
        const shown = start !== firstRow || visitor.family(family);
        if (shown === undefined) return cursorAt(family, firstRow, walk);
        const most = shown ? loaded : family.used;
        const end = shown ? family.visit(visitor, start, most, walk) : most;
        left -= cellsVisited(family, shown, end - start);
        if (left <= 0 || end < most || end < family.used) return nextCursor(families, family, end, walk);
      }
      return undefined;
    },
  });
}

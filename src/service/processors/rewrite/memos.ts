/** The memos of one component. All of a service share one limit of memory: beyond it the one that holds the most is emptied. */
import type { MemoryBudget } from '../../memory/budget.ts';
import { Memo } from './memo.ts';

export interface Memos {
  /** @param make see `Memo` */
  create(make: (key: Uint8Array, kind: number) => Uint8Array): Memo;
  /** The component has ended. */
  end(): void;
}

/** Bytes that all memos of a service hold, at most. */
const most = 64 * 2 ** 20;
const rooms = new WeakMap<MemoryBudget, MemoRoom>();

export function createMemos(memory: MemoryBudget): Memos {
  const room = rooms.get(memory) ?? new MemoRoom(most);
  if (!rooms.has(memory)) {
    rooms.set(memory, room);
    memory.add(() => room.held);
  }
  const own: Memo[] = [];
  return Object.freeze<Memos>({
    create(make) {
      const memo = new Memo(make, room);
      own.push(memo);
      return memo;
    },
    end() {
      for (const memo of own.splice(0)) room.leave(memo);
    },
  });
}

export class MemoRoom {
  /** Bytes that are held. */
  held = 0;
  private readonly most: number;
  private readonly memos = new Set<Memo>();

  constructor(most: number) {
    this.most = most;
  }

  /** A memo has so many bytes more, or fewer. */
  count(memo: Memo, bytes: number): void {
    this.memos.add(memo);
    this.held += bytes;
  }

  /** Frees so many bytes, as far as others hold any. */
  make(bytes: number): void {
    while (this.held + bytes > this.most) {
      let largest: Memo | undefined;
      for (const memo of this.memos) if (memo.held > (largest?.held ?? 0)) largest = memo;
      if (largest === undefined || largest.isEmpty) return;
      largest.forget();
    }
  }

  leave(memo: Memo): void {
    if (this.memos.delete(memo)) this.held -= memo.held;
  }
}

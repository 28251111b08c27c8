/** What the two protocols of a receiver share, and its part of the service's memory. */
import type { MemoryBudget } from '../../memory/budget.ts';
import { createInflater, type Inflater } from './decompress.ts';
import { createRoom, type Room } from './room.ts';
import { createTurns, type Turns } from './turns.ts';

export interface Shared {
  readonly turns: Turns;
  /** For a server. @param maxBytes of bodies that arrive */
  servers(maxBytes: number): { readonly turns: Turns; readonly inflater: Inflater; readonly room: Room };
  /** Nothing is held any more. */
  end(): void;
}

/** Bytes of decompressed bodies at a time; those that are small have some more. */
const inflatedRoom = 80 * 1_048_576;

export function createShared(memory: MemoryBudget): Shared {
  const turns = createTurns();
  const inflater = createInflater(inflatedRoom, () => memory.room);
  const ends = [memory.add(() => turns.held + inflater.held)];
  return Object.freeze<Shared>({
    turns,
    servers(maxBytes) {
      const room = createRoom(maxBytes, () => memory.room);
      ends.push(memory.add(() => room.held));
      return { turns, inflater, room };
    },
    end() {
      for (const end of ends.splice(0)) end();
    },
  });
}

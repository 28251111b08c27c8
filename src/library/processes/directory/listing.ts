/** What a directory holds. What is no record is left out, and looked at again only where it has changed. */
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const recordName = /^([a-z0-9]+)\.bin(?:~[a-z0-9]+)?$/;
const socketName = /^([a-z0-9]+)\.sock$/;

/** What a process has in the directory. */
export interface Listed {
  /** The name of its record's file. */
  readonly record?: string | undefined;
  readonly hasSocket: boolean;
}

export interface Listing {
  /** By id, the processes that have a record or a socket. Throws the error of the file system. */
  list(): ReadonlyMap<string, Listed>;
  /** By name, why a file is left out. */
  unreadable(): ReadonlyMap<string, { readonly why: string }>;
  /** Until it changes. */
  leaveOut(name: string, why: string): void;
}

/** Two changes of a directory within it may leave the same time, in milliseconds. */
const clockStepMs = 100;
/** Names that are looked at. */
const mostNames = 20_000;

export function createListing(directory: string): Listing {
  let listed = { changed: 0, read: 0, found: new Map<string, Listed>() };
  /** `state`: which file it is, and as of when. */
  let junk = new Map<string, { readonly state: string; readonly why: string }>();

  function stateOf(name: string): string | undefined {
    const stats = lstatSync(join(directory, name), { throwIfNoEntry: false });
    return stats === undefined ? undefined : `${stats.ino} ${stats.mtimeMs} ${stats.size}`;
  }

  function isStillJunk(name: string): boolean {
    const known = junk.get(name);
    return known !== undefined && stateOf(name) === known.state;
  }

  return Object.freeze<Listing>({
    /** While the directory has not changed, what was found is still there. */
    list() {
      const changed = lstatSync(directory).mtimeMs;
      if (changed === listed.changed && listed.read > changed + clockStepMs) return listed.found;
      const read = Date.now();
      const names = readdirSync(directory).slice(0, mostNames);
      const left = names.filter(isStillJunk);
      junk = new Map(left.map((name) => [name, junk.get(name) as NonNullable<ReturnType<typeof junk.get>>]));
      const found = new Map<string, Listed>();
      for (const name of names) {
        const record = recordName.exec(name)?.[1];
        const id = record ?? socketName.exec(name)?.[1];
        if (id === undefined || junk.has(name)) continue;
        const before = found.get(id);
        const hasSocket = record === undefined || before?.hasSocket === true;
        found.set(id, { record: record === undefined ? before?.record : name, hasSocket });
      }
      listed = { changed, read, found };
      return found;
    },
    unreadable: () => junk,
    leaveOut(name, why) {
      const state = stateOf(name);
      if (state === undefined) return;
      junk.set(name, { state, why });
      const { found } = listed;
      const id = (recordName.exec(name) ?? socketName.exec(name))?.[1] as string;
      const known = found.get(id);
      if (known?.record === name && known.hasSocket) found.set(id, { hasSocket: true });
      else found.delete(id);
    },
  });
}

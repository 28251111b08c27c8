/** A directory with the logs of components. It is held while one of them is open; within the process, a reload hands it over. */
import { stat } from 'node:fs/promises';
import { type DirectoryLock, lockDirectory } from './directory-lock.ts';
import { openRecordLog, type RecordLog, type RecordLogOptions, type StoredRecord } from './log/record-log.ts';
import { logsIn } from './log/segment-files.ts';

export interface DirectoryOptions extends Pick<RecordLogOptions, 'directory' | 'fsync' | 'maxBytes' | 'warn'> {
  /** How long it waits for another process to leave. */
  readonly waitMs: number;
}

/** A log that the former component of a reload may still use, too. */
export interface OpenLog {
  readonly log: RecordLog;
  /** What nobody in this process has yet. */
  readonly found: readonly StoredRecord[];
  close(): Promise<void>;
}

export interface Directory {
  /** @param id of the component */
  open(id: string): Promise<OpenLog>;
  /** Logs that are there and that nothing has opened: by name, the bytes of their files. */
  unused(): Promise<ReadonlyMap<string, number>>;
  close(): Promise<void>;
}

interface Shared<T> {
  users: number;
  readonly value: Promise<T>;
}

interface Held {
  readonly lock: DirectoryLock;
  readonly logs: Uses<RecordLog>;
}

/** By device and inode. */
const held = createUses<Held>();

/** @throws DirectoryInUse, and errors of the system */
export async function openDirectory(options: DirectoryOptions): Promise<Directory> {
  const { directory, waitMs } = options;
  const { dev, ino } = await stat(directory, { bigint: true });
  const key = `${dev}:${ino}`;
  const make = async () => ({
    lock: await lockDirectory(directory, { waitMs, warn: options.warn }),
    logs: createUses<RecordLog>(),
  });
  const use = () => held.use(key, make, ({ lock }) => lock.release());
  const own = await use();
  return Object.freeze({
    async open(id: string) {
      const place = await use();
      const name = logName(id);
      try {
        const opened = await place.value.logs.use(
          name,
          () => openRecordLog({ ...options, name, lost: place.value.lock.lost, losses: place.value.lock.losses }),
          (log) => log.close(),
        );
        const close = async () => {
          await opened.leave();
          await place.leave();
        };
        if (!opened.isFirst) opened.value.change(options);
        return { log: opened.value, found: opened.isFirst ? opened.value.live : [], close };
      } catch (error) {
        await place.leave();
        throw error;
      }
    },
    async unused() {
      // Before the directory is read, too: at a shutdown the components leave meanwhile.
      const used = own.value.logs.keys();
      return new Map([...(await logsIn(directory))].filter(([name]) => !used.has(name) && !own.value.logs.has(name)));
    },
    close: own.leave,
  });
}

interface Use<T> {
  readonly value: T;
  /** It was made for this use. */
  readonly isFirst: boolean;
  leave(): Promise<void>;
}

interface Uses<T> {
  has(key: string): boolean;
  keys(): ReadonlySet<string>;
  use(key: string, make: () => Promise<T>, end: (value: T) => Promise<void>): Promise<Use<T>>;
}

/** Values that are made at their first use, and end with their last one. */
function createUses<T>(): Uses<T> {
  const shared = new Map<string, Shared<T>>();
  const ending = new Map<string, Promise<void>>();

  async function leave(key: string, one: Shared<T>, end: (value: T) => Promise<void>): Promise<void> {
    if (--one.users > 0) return;
    shared.delete(key);
    const ended = one.value.then(end);
    ending.set(
      key,
      ended.catch(() => {}),
    );
    await ended;
  }

  return Object.freeze({
    has: (key: string) => shared.has(key),
    keys: () => new Set(shared.keys()),
    async use(key: string, make: () => Promise<T>, end: (value: T) => Promise<void>) {
      const before = shared.get(key);
      const one = before ?? { users: 0, value: (ending.get(key) ?? Promise.resolve()).then(make) };
      shared.set(key, one);
      one.users++;
      try {
        const value = await one.value;
        return { value, isFirst: before === undefined, leave: () => leave(key, one, end) };
      } catch (error) {
        if (shared.get(key) === one) shared.delete(key);
        throw error;
      }
    },
  });
}

/** What the log of a component is called. A type has no full stop, so no two ids have one name. */
export function logName(id: string): string {
  const [type = '', ...names] = id.split('/');
  if (names.length === 0) return type;
  return `${type}.${names.join('/').replace(/[^A-Za-z0-9_-]/gu, (character) => `.${(character.codePointAt(0) as number).toString(16)}.`)}`;
}

const mostCodePoint = 0x10ffff;

/** The id of the component whose log has this name. */
export function componentId(name: string): string {
  const [type = '', ...rest] = name.split('.');
  if (rest.length === 0) return type;
  const character = (text: string, code: string) => {
    const point = Number.parseInt(code, 16);
    return point > mostCodePoint ? text : String.fromCodePoint(point);
  };
  return `${type}/${rest.join('.').replace(/\.([0-9a-f]{1,6})\./g, character)}`;
}

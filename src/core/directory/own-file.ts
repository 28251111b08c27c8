/** An owner file of one's own. It is looked at, and written, through its path, which may name another file by now. */
import { closeSync, constants, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { machineMs } from '../node/machine-ms.ts';
import { withoutWaiting } from '../node/open-flags.ts';
import { beginningOf, type Owner, ownerPath, ownerText } from './owner-files.ts';

export interface OwnFile {
  readonly path: string;
  /** @throws errors of the system */
  isOwn(): boolean;
  /** Writes that its owner lives. False: it is another's, and is not written to. @throws errors of the system */
  beat(): boolean;
  /** The last beat: the directory is free. */
  leave(): boolean;
}

const flags = constants.O_NOFOLLOW | withoutWaiting;

export function ownFile(directory: string, number: number, owner: Owner): OwnFile {
  const path = ownerPath(directory, number);
  const beginning = Buffer.from(beginningOf(owner.id));
  const read = Buffer.alloc(beginning.length);

  /** Where it is another's: false, and `use` is not called. */
  function opened(mode: number, use: (file: number) => void): boolean {
    const file = openSync(path, mode | flags);
    try {
      const isOwn = readSync(file, read, 0, read.length, 0) === read.length && read.equals(beginning);
      if (isOwn) use(file);
      return isOwn;
    } finally {
      closeSync(file);
    }
  }

  function write(given: Owner): boolean {
    // All who write the file have this clock.
    const text = Buffer.from(ownerText(given, Math.floor(machineMs())));
    return opened(constants.O_RDWR, (file) => ftruncateSync(file, writeSync(file, text, 0, text.length, 0)));
  }

  return Object.freeze<OwnFile>({
    path,
    isOwn: () => opened(constants.O_RDONLY, () => {}),
    beat: () => write(owner),
    leave: () => write({ ...owner, hasLeft: true }),
  });
}

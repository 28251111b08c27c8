/** Nothing more fits: all segments together have their limit. */
export class LogFull extends Error {
  override readonly name = 'LogFull';
}

/** The directory is not there, or is another process's. Nothing may be acknowledged, or changed in it. */
export class DirectoryLost extends Error {
  override readonly name = 'DirectoryLost';
}

/** What was written is not what is read. */
export class DamagedRecord extends Error {
  override readonly name = 'DamagedRecord';
}

/** Files of another version are not read, and not changed. */
export class UnknownVersion extends Error {
  override readonly name = 'UnknownVersion';
  readonly file: string;

  constructor(file: string, version: number) {
    super(
      `${file} has version ${version} of the storage format, and this version of Meterbridge reads 1. Fix: run the version that wrote it, or move the file away`,
    );
    this.file = file;
  }
}

/** @param error of a write to disk */
export function fixOf(error: unknown): string {
  if (error instanceof DirectoryLost) return 'put the directory back';
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT' ? 'make room there' : 'see what the disk has';
}

/** What a process does to the files of a folder. Each operation has the moments at which it began and ended. */

interface Timed {
  readonly began: number;
  /** Absent: it has not, or it has failed. */
  ended?: number;
}

/** To a file, whatever it is called. */
export type DataOp = Timed & { readonly file: number } & (
    | { readonly kind: 'write'; readonly position: number; bytes: Buffer }
    | { readonly kind: 'truncate'; readonly length: number }
  );

/** To a directory. */
export type EntryOp = Timed & { readonly path: string } & (
    | { readonly kind: 'create'; readonly file: number }
    | { readonly kind: 'mkdir' }
    | { readonly kind: 'unlink' }
    | { readonly kind: 'rename'; readonly to: string }
  );

/** What was done before is on the disk once it has ended: of a file's bytes, or of a directory's entries. */
export type SyncOp = Timed &
  ({ readonly kind: 'file'; readonly file: number } | { readonly kind: 'directory'; readonly path: string });

export interface Recorded {
  readonly root: string;
  readonly data: readonly DataOp[];
  readonly entries: readonly EntryOp[];
  readonly syncs: readonly SyncOp[];
  readonly base: Base;
}

/** What was there at the beginning: files by their paths. */
export interface Base {
  readonly directories: readonly string[];
  readonly files: ReadonlyMap<string, { readonly file: number; readonly bytes: Buffer }>;
}

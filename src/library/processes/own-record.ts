/** A process's own record: its head is encoded again only where it has changed, and its file goes where the directory goes. */
import type { Files } from './directory/files.ts';
import { encodeHead, type ProcessRecord, type RecordHead } from './record/record.ts';
import type { RecordFile } from './record/record-file.ts';
import type { Snapshot } from './record/snapshot.ts';

export interface Written extends ProcessRecord {
  readonly bytes: Buffer;
  /** Of the head. */
  readonly version: number;
}

/** What a head has beside the series of `own`. */
export type HeadFields = Pick<RecordHead, 'inherited' | 'slot' | 'retired'>;

export interface OwnRecord {
  /** Writes it to its file, and returns it. If that fails, it is logged with `say`, and the next one is written all the same. */
  write(head: HeadFields): Written;
  /** The same a last time. */
  writeLast(head: HeadFields): void;
  /** The totals of these ended processes are in what is written from now on: their files are removed after that. */
  claim(ended: Iterable<string>): void;
  /** From now on it has no file. */
  goAlone(): void;
  close(): void;
}

type Encoded = Omit<Written, 'own'>;

/** Logs an error once for each `what`. */
export type Say = (what: string, error: unknown, rest: string) => void;

export function createOwnRecord(id: string, files: Files, snapshot: () => Snapshot, say: Say): OwnRecord {
  let file = files.record(id);
  let path = files.path('');
  /** The head as it was last encoded. */
  let last: Encoded | undefined;
  /** Processes whose files it has, and whose totals are in no written record yet. */
  let claims: readonly string[] = [];
  let isAlone = false;

  function headOf({ schema }: Snapshot, { inherited, slot, retired }: HeadFields): Encoded {
    const before = last?.head;
    if (last !== undefined && before?.schema === schema && before.slot === slot && before.retired === retired) return last;
    const head = { inherited, slot, schema, retired };
    last = { head, bytes: encodeHead(head), version: (last?.version ?? 0) + 1 };
    return last;
  }

  function write(given: HeadFields): Written {
    const own = snapshot();
    const { head, bytes, version } = headOf(own, given);
    if (isAlone) return { head, own, bytes, version };
    try {
      files.reopen();
      if (files.path('') !== path) file = moved();
      file.write(bytes, own.values);
      files.remove(claims.map((other) => [other, files.claimed(other, id)]));
      claims = [];
    } catch (error) {
      say('totals cannot be written', error, 'and are lost if this process ends. Fix: make room for them, or bound their labels');
    }
    return { head, own, bytes, version };
  }

  function moved(): RecordFile {
    file.close();
    path = files.path('');
    return files.record(id);
  }

  return Object.freeze<OwnRecord>({
    write,
    /** On a full disk, only the values. */
    writeLast(given) {
      const { head, own } = write(given);
      if (isAlone) return;
      try {
        file.write(encodeHead({ ...head, hasLeft: true }), own.values);
      } catch {
        // Others wait until it is clear that no process responds.
      }
    },
    claim(ended) {
      claims = [...claims, ...ended];
    },
    goAlone() {
      isAlone = true;
      file.close();
    },
    close: () => file.close(),
  });
}

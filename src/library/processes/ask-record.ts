/** Requests the record of one process. The head, which is mostly the same, is sent if it is not known yet. */
import { existsSync } from 'node:fs';
import { decodeAnswer, isWhole, type ProcessRecord, type RecordHead } from './record/record.ts';
import { type Answer, createAsking } from './socket.ts';

/** Why a process gives no record. */
export type NoRecord = Exclude<Answer, Buffer>;

export interface RecordAsking {
  ask(id: string, hasSocket: boolean, timeoutMs: number): Promise<ProcessRecord | NoRecord>;
  /** The ids of those that have responded. They are queried even if their files have gone. */
  known(): Iterable<string>;
  /** Of all others, what is known is forgotten. */
  keep(ids: ReadonlySet<string>): void;
  close(): void;
}

interface Known {
  readonly version: number;
  readonly head: RecordHead;
  /** How many values its series have. */
  readonly count: number;
}

export function createRecordAsking(socketOf: (id: string) => string): RecordAsking {
  const asking = createAsking();
  const heads = new Map<string, Known>();

  function readAnswer(answer: Buffer, id: string): ProcessRecord | undefined {
    const known = heads.get(id);
    const read = decodeAnswer(answer);
    if (read === undefined) return undefined;
    const { version, values } = read;
    if (read.head === undefined) {
      const isSame = known !== undefined && known.version === version && known.count === values.length;
      return isSame ? { head: known.head, own: { schema: known.head.schema, values } } : undefined;
    }
    const record = { head: read.head, own: { schema: read.head.schema, values } };
    if (!isWhole(record)) return undefined;
    heads.set(id, { version, head: read.head, count: values.length });
    return record;
  }

  return Object.freeze<RecordAsking>({
    async ask(id, hasSocket, timeoutMs) {
      const path = socketOf(id);
      // A process binds its socket ahead of its first record.
      if (!hasSocket && !asking.isConnected(path) && !existsSync(path)) return 'gone';
      const answer = await asking.ask(path, heads.get(id)?.version ?? 0, timeoutMs);
      if (!Buffer.isBuffer(answer)) return answer;
      const record = readAnswer(answer, id);
      if (record !== undefined) return record;
      heads.delete(id);
      asking.disconnect(path);
      return { why: 'it answers what is no record' };
    },
    known: () => heads.keys(),
    keep(ids) {
      for (const known of heads.keys()) if (!ids.has(known)) heads.delete(known);
    },
    close: asking.close,
  });
}

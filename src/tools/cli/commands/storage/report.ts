/** What logs hold, and what is wrong with them, as rows and lines. */
import type { Finding, FoundLog } from '../../../../service/storage/inspect/read-logs.ts';
import { sinceOf } from '../../../../service/storage/inspect/requests.ts';

export interface LogState {
  readonly exporter: string;
  readonly kind: FoundLog['kind'];
  /** Requests that wait, or records of series that are kept. */
  readonly records: number;
  readonly points: number;
  readonly bytes: number;
  /**
   * The newest time of the oldest request's points, or when a snapshot was written. Absent: it is not known, or nothing is there.
   */
  readonly since?: string;
  readonly files: number;
  readonly fileBytes: number;
  readonly damagedBytes: number;
  /** Whole records that a service does not find. */
  readonly setAside: number;
}

export async function statesOf(logs: readonly FoundLog[]): Promise<readonly LogState[]> {
  return Promise.all(
    logs.map(async (log): Promise<LogState> => {
      const { exporter, kind, live, others, files, bytes, findings } = log;
      const time = await sinceOf(log);
      const since = time === undefined ? undefined : textOf(time);
      return {
        exporter,
        kind,
        records: live.length,
        points: live.reduce((sum, { points }) => sum + points, 0),
        bytes: live.reduce((sum, { length }) => sum + length, 0),
        ...(since !== undefined && { since }),
        files,
        fileBytes: bytes,
        damagedBytes: findings.reduce((sum, { lostBytes = 0 }) => sum + lostBytes, 0),
        setAside: others.length,
      };
    }),
  );
}

function textOf(time: number): string | undefined {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

const headings = ['EXPORTER', 'KIND', 'RECORDS', 'POINTS', 'BYTES', 'SINCE', 'FILES', 'FILE BYTES', 'DAMAGED BYTES', 'SET ASIDE'];

export function rowsOf(states: readonly LogState[]): readonly (readonly string[])[] {
  return [
    headings,
    ...states.map(({ exporter, kind, records, points, bytes, since = '-', files, fileBytes, damagedBytes, setAside }) => [
      exporter,
      kind,
      ...[records, points, bytes].map(String),
      since,
      ...[files, fileBytes, damagedBytes, setAside].map(String),
    ]),
  ];
}

export const lineOf = ({ path, text }: Finding): string => `${path}: ${text}`;

export function findingsIn(logs: readonly FoundLog[]): readonly Finding[] {
  return logs.flatMap(({ findings }) => findings);
}

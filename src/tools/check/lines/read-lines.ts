/** OTLP/JSON lines, as the Collector's `file` exporter and ours write them: one ExportMetricsServiceRequest a line. */
import { readBatch } from '../../../formats/otlp/batch/batch.ts';
import { jsonToProtobuf } from '../../../formats/otlp/json/to-protobuf.ts';
import { MalformedRequest } from '../../../formats/otlp/wire/malformed.ts';
import { createOtlpObserver, type OtlpObserver, type OtlpRead } from './observe.ts';

export interface LinesSource {
  /** As in findings: a file's path, a URL without credentials, or `standard input`. */
  readonly name: string;
  /** Pieces of the text, of whatever length. They may be used again once the next one is taken. */
  readonly bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

export interface LinesLimits {
  /** Bytes of a line, its end not counted. Default: 64 MiB. */
  readonly lineBytes?: number;
}

const defaultLineBytes = 64 * 2 ** 20;
const lineFeed = 0x0a;

/** Reads to the end, in memory for a line and the series. Rejects as the source does; what is wrong with a line is a finding. */
export async function readLines(
  { name, bytes }: LinesSource,
  { lineBytes = defaultLineBytes }: LinesLimits = {},
): Promise<OtlpRead> {
  const observer = createOtlpObserver(name);
  const lines = createLines(lineBytes, (line, number) => takeLine(observer, line, number, lineBytes));
  let size = 0;
  for await (const piece of bytes) {
    size += piece.length;
    lines.write(piece);
  }
  lines.end();
  return observer.end(size);
}

/** @param line undefined: it is too long */
function takeLine({ report, take }: OtlpObserver, line: Uint8Array | undefined, number: number, most: number): void {
  if (line === undefined) {
    report.add('otlp-line-length', String(number), `a line of more than ${most} bytes`, { line: number });
    return;
  }
  if (isBlank(line)) return;
  try {
    const batch = readBatch(jsonToProtobuf(line));
    if (batch.length === 0 && batch.rejected === 0) report.add('otlp-no-metrics', '', 'a line without metrics', { line: number });
    take(batch, number);
  } catch (error) {
    if (!(error instanceof MalformedRequest)) throw error;
    const column = error.byte === undefined ? undefined : columnOf(line, error.byte);
    const where = error.where.replace(/ \(byte \d+\)$/, '');
    report.add('otlp-line', String(number), `${where}: ${error.problem}`, { line: number, column });
  }
}

/** From 1, in UTF-16 units. */
function columnOf(line: Uint8Array, byte: number): number {
  return Buffer.from(line.buffer, line.byteOffset, Math.min(byte, line.length)).toString('utf8').length + 1;
}

function isBlank(line: Uint8Array): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}

/** Pieces to lines. A line that is too long is passed over as it comes. */
function createLines(most: number, take: (line: Uint8Array | undefined, number: number) => void) {
  let held: Uint8Array[] = [];
  let size = 0;
  let number = 0;

  function hold(part: Uint8Array, mayChange: boolean): void {
    size += part.length;
    if (size > most) held = [];
    else held.push(mayChange ? Uint8Array.from(part) : part);
  }

  function end(): void {
    number++;
    take(size > most ? undefined : held.length === 1 ? (held[0] as Uint8Array) : Buffer.concat(held), number);
    held = [];
    size = 0;
  }

  return {
    write(piece: Uint8Array): void {
      let from = 0;
      for (let to = piece.indexOf(lineFeed); to >= 0; to = piece.indexOf(lineFeed, from)) {
        hold(piece.subarray(from, to), false);
        end();
        from = to + 1;
      }
      if (from < piece.length) hold(piece.subarray(from), true);
    },
    end(): void {
      if (size > 0) end();
    },
  };
}

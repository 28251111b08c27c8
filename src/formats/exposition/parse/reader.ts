/** Reads an exposition from its bytes as they come, in a few MiB of memory, whatever its length. */
import { isAscii, isUtf8 } from 'node:buffer';
import type { Kind } from '../../../core/naming/kind.ts';
import type { TextFormat } from '../format.ts';
import { dropsSample } from './findings.ts';
import { createHeldBytes } from './held-bytes.ts';
import { mostProblems } from './parse.ts';
import { faultOf, type ParsedSample, type ParseProblem, type Report } from './parsed.ts';
import { createProtobufReader } from './protobuf/read-families.ts';
import { createLineReader } from './read-lines.ts';

/** More bytes at once are taken in pieces. */
const pieceBytes = 32 * 1024;
const mostLineBytes = 1024 * 1024;
const lineFeed = 0x0a;

/** A problem, and what it costs. */
export interface Finding extends ParseProblem {
  /** In lenient mode, whether Prometheus rejects the exposition for it; in strict mode always. */
  readonly rejected: boolean;
}

/** A family as far as it has been read. */
export interface FamilyInfo {
  readonly name: string;
  /** Undefined before TYPE, and without it. */
  readonly kind: Kind | undefined;
  /** Whether the exposition gives the type, `untyped` too. */
  readonly typed: boolean;
  readonly help: string | undefined;
  readonly unit: string | undefined;
}

export interface ReaderOptions {
  readonly format: TextFormat | 'protobuf';
  /**
   * `strict` rejects what the specification forbids; `lenient` reads what Prometheus reads, and lists what `strict` rejects.
   * @default 'strict'
   */
  readonly mode?: 'strict' | 'lenient';
  /** Each sample, in the order of the exposition. `family` changes while the exposition is read. */
  readonly onSample?: (sample: ParsedSample, family: FamilyInfo, line: number) => void;
  /** Each family behind its last sample. */
  readonly onFamily?: (family: FamilyInfo) => void;
}

/** What there is to say about an exposition. */
export interface ReadSummary {
  /** `strict`: it breaks no rule; `lenient`: Prometheus takes it. */
  readonly ok: boolean;
  /** The first 100, by line. */
  readonly findings: readonly Finding[];
  /** All of them. */
  readonly found: number;
  /** Those for which Prometheus drops a sample. */
  readonly dropped: number;
  readonly samples: number;
  readonly families: number;
}

export interface ExpositionReader {
  /** The next bytes of the exposition, which may end anywhere. */
  write(chunk: Uint8Array): void;
  /** The exposition has ended. Call it once. */
  end(): ReadSummary;
}

/** Never throws, but what `onSample` and `onFamily` throw. */
export function createExpositionReader(options: ReaderOptions): ExpositionReader {
  const { format, mode = 'strict', onSample, onFamily } = options;
  const findings: Finding[] = [];
  let found = 0;
  let dropped = 0;
  let samples = 0;
  let families = 0;
  let ok = true;

  const report: Report = (line, fault, rejected = false) => {
    found++;
    const costs = mode === 'strict' || rejected;
    if (costs) ok = false;
    if (dropsSample(fault.id)) dropped++;
    if (findings.length < mostProblems) findings.push({ line, ...fault, rejected: costs });
  };
  const sink = {
    sample(sample: ParsedSample, family: FamilyInfo, line: number): void {
      samples++;
      onSample?.(sample, family, line);
    },
    family(family: FamilyInfo): void {
      families++;
      onFamily?.(family);
    },
  };
  const bytes =
    format === 'protobuf'
      ? createProtobufReader(report, sink)
      : createByteLines(createLineReader(format, mode === 'lenient', report, sink), report);
  return {
    write: bytes.write,
    end() {
      bytes.end();
      const sorted = findings.toSorted((a, b) => a.line - b.line || a.column - b.column);
      return { ok, findings: sorted, found, dropped, samples, families };
    },
  };
}

/** A whole stream, such as a response's body. @throws what `source` throws */
export async function readExposition(source: AsyncIterable<Uint8Array>, options: ReaderOptions): Promise<ReadSummary> {
  const reader = createExpositionReader(options);
  for await (const chunk of source) reader.write(chunk);
  return reader.end();
}

function createByteLines(lines: ReturnType<typeof createLineReader>, report: Report) {
  const tail = createHeldBytes();
  /** The rest of a line that is too long is being dropped. */
  let dropping = false;
  let lineNumber = 0;

  function write(chunk: Uint8Array): void {
    for (let from = 0; from < chunk.length; from += pieceBytes) {
      const length = Math.min(pieceBytes, chunk.length - from);
      piece(Buffer.from(chunk.buffer, chunk.byteOffset + from, length));
    }
  }

  function piece(bytes: Buffer): void {
    const end = bytes.lastIndexOf(lineFeed) + 1;
    if (end === 0) {
      hold(bytes);
      return;
    }
    let from = 0;
    if (dropping) {
      from = bytes.indexOf(lineFeed) + 1;
      lineNumber++;
      lines.skip(faultOf('limit-line', 1, 'more than 1 MiB'));
      dropping = false;
    }
    const whole = bytes.subarray(from, end);
    if (whole.length > 0 && tail.length === 0) block(whole);
    else if (whole.length > 0) {
      tail.add(whole);
      block(tail.bytes());
      tail.drop(tail.length);
    }
    if (end < bytes.length) hold(bytes.subarray(end));
  }

  function hold(bytes: Buffer): void {
    if (dropping) return;
    tail.add(bytes);
    if (tail.length <= mostLineBytes) return;
    dropping = true;
    tail.drop(tail.length);
  }

  /** Whole lines, each with its line feed. */
  function block(bytes: Buffer): void {
    if (isAscii(bytes)) texts(bytes.toString('latin1'));
    else if (isUtf8(bytes)) texts(bytes.toString('utf8'));
    else {
      for (let from = 0; from < bytes.length; ) {
        const end = bytes.indexOf(lineFeed, from);
        lineNumber++;
        lines.line(decoded(bytes.subarray(from, end)));
        from = end + 1;
      }
    }
  }

  function texts(text: string): void {
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      lineNumber++;
      lines.line(text.slice(from, end));
      from = end + 1;
    }
  }

  function decoded(bytes: Buffer): string {
    const text = bytes.toString('utf8');
    if (!isUtf8(bytes)) report(lineNumber, faultOf('line-utf-8', text.indexOf('\ufffd') + 1, 'bytes that are not UTF-8'), true);
    return text;
  }

  function end(): void {
    if (dropping) {
      lines.skip(faultOf('limit-line', 1, 'more than 1 MiB'));
      lines.end('');
      return;
    }
    lineNumber++;
    lines.end(decoded(tail.bytes()));
  }

  return { write, end };
}

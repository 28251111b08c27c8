/** Where the text goes: to streams and files, or to the service's log. */
import { closeSync, constants, openSync, writeFileSync } from 'node:fs';
import { visibleLines } from '../../../core/errors/visible.ts';
import { withoutWaiting } from '../../../core/node/open-flags.ts';
import type { ExporterContext } from '../../component.ts';
import type { Fields } from '../../telemetry/logger.ts';
import type { DebugSettings } from './config.ts';

export interface Output {
  /** Opens files; throws an error that names the one that cannot be opened. */
  open(): void;
  line(message: string, fields: Fields): void;
  /** A line of a text as it is written. */
  shown(line: string): string;
  /** Characters of a text that go in one part: a few milliseconds. */
  readonly mostAtOnce: number;
  /** A part of a text of whole lines. Only the last part ends with an empty line, or the fields of a line of the log. */
  text(part: string, isLast: boolean): void;
  close(): void;
}

type Write = (text: string) => void;

/** By their path, they cannot be opened where they are sockets, as in a systemd unit. */
const streams: ReadonlyMap<string, 'stdout' | 'stderr'> = new Map([
  ['stdout', 'stdout'],
  ['stderr', 'stderr'],
  ['/dev/stdout', 'stdout'],
  ['/dev/stderr', 'stderr'],
]);
const appended = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | withoutWaiting;

export function createOutput(settings: DebugSettings, context: ExporterContext): Output {
  return settings.use_internal_logger ? logOutput(context) : pathsOutput(settings.output_paths, context);
}

function logOutput({ log }: ExporterContext): Output {
  const own = { 'otelcol.signal': 'metrics' } as const;
  return Object.freeze({
    // Each part is a line of the log, in which control characters are looked for.
    mostAtOnce: 1_024 * 1_024,
    // A line feed within a line is a sender's, which would begin a line with a text of its choice. All else the log escapes
    // itself.
    shown: (line: string) => (line.includes('\n') ? line.replaceAll('\n', '\\n') : line),
    open() {},
    line: (message: string, fields: Fields) => log.info(message, { ...own, ...fields }),
    text: (part: string) => log.info(part, own),
    close() {},
  });
}

function pathsOutput(paths: readonly string[], context: ExporterContext): Output {
  const files: number[] = [];
  let writes: readonly Write[] = [];

  function write(text: string): void {
    for (const [i, to] of writes.entries()) {
      try {
        to(text);
      } catch (error) {
        context.refusal('not_written', `${paths[i]} cannot be written: ${(error as Error).message}`);
      }
    }
  }

  function writeTo(path: string): Write {
    const stream = streams.get(path);
    if (stream !== undefined) {
      const out = context[stream];
      // A sender's text is not to command a terminal. Files and pipes get the Collector's, to the byte.
      const isTerminal = 'isTTY' in out && out.isTTY === true;
      return (text) => void out.write(isTerminal ? text.split('\t').map(visibleLines).join('\t') : text);
    }
    const file = opened(path, context.id);
    files.push(file);
    return (text) => writeFileSync(file, text);
  }

  return Object.freeze({
    mostAtOnce: 4 * 1_024 * 1_024,
    // The Collector's, to the byte.
    shown: (line: string) => line,
    open() {
      writes = paths.map(writeTo);
    },
    line: (message: string, fields: Fields) => write(`${message}\t${fieldsText(fields)}\n`),
    text: (part: string, isLast: boolean) => write(isLast ? `${part}\n` : part),
    close() {
      for (const file of files.splice(0)) closeSync(file);
    },
  });
}

function opened(path: string, id: string): number {
  try {
    return openSync(path, appended, 0o666);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why =
      code === 'ENXIO' ? 'it is a pipe that no program reads, or a socket. Fix: read it, or write the path of a file' : message;
    throw new Error(`exporters.${id}.output_paths: ${path} cannot be opened: ${why}`);
  }
}

function fieldsText(fields: Fields): string {
  const entries = Object.entries(fields).map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  return `{${entries.join(', ')}}`;
}

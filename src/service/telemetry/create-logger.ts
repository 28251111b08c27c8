/** Log lines in the Collector's shape: time, level, message and fields as JSON, one line an event. */
import type { Writable } from 'node:stream';
import { escapedMarks, visibleLines } from '../../core/errors/visible.ts';
import { type Fields, type Level, type Logger, levels } from './logger.ts';

export interface LoggerOptions {
  readonly out: Writable;
  /** The least that is logged. */
  readonly level: Level;
  readonly encoding: 'console' | 'json';
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** Each line begins with the time in UTC, to the millisecond. Control characters in messages and fields are escaped. */
export function createLogger({ out, level: least, encoding, clock }: LoggerOptions): Logger {
  const write = (level: Level) => (message: string, fields?: Fields) => {
    if (levels.indexOf(level) < levels.indexOf(least)) return;
    const time = new Date(clock()).toISOString();
    out.write(encoding === 'json' ? jsonLine(time, level, message, fields) : consoleLine(time, level, message, fields));
  };
  return Object.freeze({ debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') });
}

/** A logger whose lines carry these fields, too. */
export function withFields(log: Logger, own: Fields): Logger {
  const write = (level: Level) => (message: string, fields?: Fields) => log[level](message, { ...own, ...fields });
  return Object.freeze({ debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') });
}

/** A logger that writes to another one, which may change. */
export function createSwitch(first: Logger): Logger & { use(other: Logger): void } {
  let to = first;
  const write = (level: Level) => (message: string, fields?: Fields) => to[level](message, fields);
  return Object.freeze({
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    use(other: Logger) {
      to = other;
    },
  });
}

function jsonLine(ts: string, level: Level, msg: string, fields: Fields = {}): string {
  return `${escapedMarks(JSON.stringify({ level, ts, msg, ...fields }))}\n`;
}

/** What needs no second look: a text may have a million characters. */
const plain = /^[\n -~]*$/;

/** A text of several lines (the debug exporter's) keeps its line ends. */
function consoleLine(time: string, level: Level, message: string, fields: Fields = {}): string {
  const text = plain.test(message) ? message : visibleLines(message);
  const entries = Object.entries(fields).map(([name, value]) =>
    escapedMarks(`${JSON.stringify(name)}: ${JSON.stringify(value)}`),
  );
  return `${time}\t${level}\t${text}${entries.length === 0 ? '' : `\t{${entries.join(', ')}}`}\n`;
}

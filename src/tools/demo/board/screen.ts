/** Shows a board: as a live screen in a terminal, as a line now and then elsewhere. */
import type { Writable } from 'node:stream';
import { styleText } from 'node:util';
import { boardLines, type Line, mostColumns } from './board-lines.ts';
import type { BoardText } from './board-text.ts';

/** The part of a terminal's stream that is needed. */
export type Screen = Writable & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number };

export interface View {
  /** Shows what there is now. */
  update(): void;
  /** Leaves the last state behind, and gives the terminal back. */
  close(): void;
}

const [hideCursor, showCursor] = ['\x1b[?25l', '\x1b[?25h'];
const [clearScreen, home, clearRestOfLine, clearBelow] = ['\x1b[2J', '\x1b[H', '\x1b[K', '\x1b[J'];
const hint: Line = {
  text: 'The page’s button blocks the shop’s event loop for 10 s: watch the dots. Ctrl-C ends the demo.',
  style: 'dim',
};
/** Without a terminal, a line of each program at most so often, in milliseconds. */
const lineEveryMs = 5_000;

/** A live screen if `out` is a terminal that can move its cursor, else plain lines without any escape sequence. */
export function openView(out: Screen, board: () => BoardText, env: NodeJS.ProcessEnv): View {
  return out.isTTY === true && env.TERM !== 'dumb' ? liveView(out, board, env) : plainView(out, board);
}

function liveView(out: Screen, board: () => BoardText, env: NodeJS.ProcessEnv): View {
  // https://no-color.org: present and not empty.
  const coloured = (env.NO_COLOR ?? '') === '';
  out.write(hideCursor + clearScreen);
  const update = () => {
    const lines = fitted([...boardLines(board(), Math.min(mostColumns, out.columns ?? mostColumns)), hint], out.rows);
    out.write(`${home}${lines.map((line) => styled(line, coloured) + clearRestOfLine).join('\n')}${clearBelow}`);
  };
  return {
    update,
    close() {
      update();
      out.write(`\n${showCursor}`);
    },
  };
}

/** One screen, whose last line stays free for the shell. */
export function fitted(lines: readonly Line[], rows = Number.POSITIVE_INFINITY): readonly Line[] {
  const room = Math.max(1, rows - 1);
  if (lines.length <= room) return lines;
  const hidden = lines.length - room + 1;
  return [...lines.slice(0, room - 1), { text: `… ${hidden} more lines: enlarge the window, or open the page`, style: 'dim' }];
}

function styled({ parts, ...line }: Line, coloured: boolean): string {
  return (parts ?? [line])
    .map(({ text, style }) => (style === undefined || !coloured ? text : styleText(style, text, { validateStream: false })))
    .join('');
}

function plainView(out: Screen, board: () => BoardText): View {
  let last = Number.NEGATIVE_INFINITY;
  out.write(
    board()
      .addresses.map(({ name, url }) => `${name}: ${url}\n`)
      .join(''),
  );
  return {
    update() {
      const now = performance.now();
      if (now - last < lineEveryMs) return;
      last = now;
      out.write(plainLines(board()));
    },
    close() {},
  };
}

/** The state of each program, and what is bad. */
function plainLines({ groups, scrapes, loop }: BoardText): string {
  const time = new Date().toISOString().slice(11, 19);
  const late = scrapes.filter(({ bad }) => bad).map(({ name, text }) => `${name}: ${text}`);
  const bad = [...late, ...(loop.bad ? [loop.text] : [])];
  const lines = [...groups.map(({ name, state }) => `${name}: ${state}`), ...bad].map((text) => `${time}  ${text}\n`);
  return lines.join('');
}

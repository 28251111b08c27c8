/**
 * Writes a recording of `meterbridge demo` as an animated SVG of 30 s, from a run of it: work, the button, work again.
 *
 *     node examples/demo/picture.ts > docs/demo.svg
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { boardLines, type Line } from '../../src/tools/demo/board/board-lines.ts';
import type { BoardText } from '../../src/tools/demo/board/board-text.ts';
import { animation } from './recording/animation.ts';

const main = fileURLToPath(new URL('../../src/tools/cli/main.ts', import.meta.url));
/** Before it begins, so that every series is there and the timelines are long. */
const workMs = 20_000;
const frameMs = 1_000;
const frames = 30;
/**
 * The frames in which the button is pressed, and that a renderer without animation shows: the shop has been blocked for a while.
 */
const [pressedAt, still] = [8, 17];

process.stdout.write(animation(await record(), { frameMs, still }));

async function record(): Promise<readonly (readonly Line[])[]> {
  const child = spawn(process.execPath, ['--conditions=meterbridge-source', main, 'demo'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const page = await pageOf(createInterface({ input: child.stdout }));
    await sleep(workMs);
    const begin = performance.now();
    const screens: (readonly Line[])[] = [];
    for (let frame = 0; frame < frames; frame++) {
      await sleep(Math.max(0, begin + frame * frameMs - performance.now()));
      if (frame === pressedAt) await fetch(`${page}block`, { method: 'POST', headers: { origin: new URL(page).origin } });
      screens.push(boardLines((await (await fetch(`${page}board`)).json()) as BoardText));
    }
    return screens;
  } finally {
    child.kill('SIGTERM');
  }
}

async function pageOf(lines: AsyncIterable<string>): Promise<string> {
  for await (const line of lines) if (line.startsWith('page: ')) return line.slice('page: '.length);
  throw new Error('the demo did not start');
}

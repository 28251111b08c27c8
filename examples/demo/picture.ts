/**
 * Writes a picture of the demo's screen as SVG: what `meterbridge demo` shows while its shop is blocked.
 *
 *     node examples/demo/picture.ts > docs/demo.svg
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { boardLines, type Line } from '../../src/demo/board/board-lines.ts';
import type { BoardText } from '../../src/demo/board/board-text.ts';
import { widthOf } from '../../src/demo/board/columns.ts';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
/** Long enough for all rows, and for the exporter to be late. */
const [workMs, blockedMs] = [20_000, 7_000];
const [charWidth, lineHeight, margin] = [8.4, 19, 16];
const colours = { bold: '#fff', dim: '#9a9a9a', red: '#ff8a80', plain: '#ddd' };

process.stdout.write(picture(boardLines(await blockedBoard())));

async function blockedBoard(): Promise<BoardText> {
  const child = spawn(process.execPath, ['--conditions=meterbridge-source', main, 'demo'], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const page = await pageOf(createInterface({ input: child.stdout }));
    await sleep(workMs);
    await fetch(`${page}block`, { method: 'POST', headers: { origin: new URL(page).origin } });
    await sleep(blockedMs);
    return (await (await fetch(`${page}board`)).json()) as BoardText;
  } finally {
    child.kill('SIGTERM');
  }
}

async function pageOf(lines: AsyncIterable<string>): Promise<string> {
  for await (const line of lines) if (line.startsWith('page: ')) return line.slice('page: '.length);
  throw new Error('the demo did not start');
}

function picture(lines: readonly Line[]): string {
  const width = Math.ceil(Math.max(...lines.map(({ text }) => widthOf(text))) * charWidth + 2 * margin);
  const height = lines.length * lineHeight + 2 * margin;
  const texts = lines.map(({ text, style }, at) => {
    const y = margin + (at + 0.75) * lineHeight;
    return `<text x="${margin}" y="${y}" fill="${colours[style ?? 'plain']}"${style === 'bold' ? ' font-weight="bold"' : ''}>${escaped(text)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="The screen of meterbridge demo">
<style>text { font: 14px ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; white-space: pre }</style>
<rect width="${width}" height="${height}" rx="8" fill="#161616"/>
${texts.join('\n')}
</svg>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

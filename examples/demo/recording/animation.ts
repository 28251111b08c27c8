/**
 * Screens of a terminal, one after the other, as one SVG: what all have in common once, and the rest of each while it is shown.
 */
import type { Line, Style } from '../../../src/tools/demo/board/board-lines.ts';
import { dots } from '../../../src/tools/demo/board/board-lines.ts';
import { type Cell, cellsOf } from './cells.ts';

export interface AnimationOptions {
  readonly frameMs: number;
  /** The screen that a renderer without animation shows. */
  readonly still: number;
}

const [charWidth, lineHeight, margin, radius] = [8, 19, 16, 3];
const columns = 100;
const colours: Readonly<Record<Style, string>> = { bold: '#fff', dim: '#9a9a9a', red: '#ff8a80', green: '#6fdc8c' };
const classes: Readonly<Record<Style, string>> = { bold: 'b', dim: 'd', red: 'r', green: 'g' };

export function animation(screens: readonly (readonly Line[])[], { frameMs, still }: AnimationOptions): string {
  const drawn = screens.map((lines) => lines.flatMap((line, row) => cellsOf(line).flatMap((cell) => elementsOf(cell, row))));
  const common = new Set(drawn[0]?.filter((element) => drawn.every((screen) => screen.includes(element))));
  const groups = drawn.map((elements, at) => {
    const own = elements.filter((element) => !common.has(element)).join('');
    return `<g visibility="${at === still ? 'visible' : 'hidden'}">${timing(at, screens.length, frameMs)}${own}</g>`;
  });
  const rows = Math.max(...screens.map((lines) => lines.length));
  const [width, height] = [columns * charWidth + 2 * margin, rows * lineHeight + 2 * margin];
  const styles = Object.entries(classes).map(([style, name]) => `.${name}{fill:${colours[style as Style]}}`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="A recording of meterbridge demo: while the shop’s event loop is blocked, the dots of its listener in a thread stay green, and those of OpenTelemetry’s exporter turn red">
<style>text{font:13px ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace;fill:#ddd}.e{text-anchor:end}.b{font-weight:bold}${styles.join('')}</style>
<rect width="${width}" height="${height}" rx="8" fill="#161616"/>
${[...common].join('\n')}
${groups.join('\n')}
</svg>
`;
}

/** Shown during its frame, again and again. */
function timing(at: number, frames: number, frameMs: number): string {
  const [from, to] = [at / frames, (at + 1) / frames].map((share) => Number(share.toFixed(4)));
  const [values, times] = at === 0 ? ['visible;hidden', `0;${to}`] : ['hidden;visible;hidden', `0;${from};${to}`];
  const [shown, when] = at === frames - 1 ? [values.replace(/;hidden$/, ''), times.replace(/;1$/, '')] : [values, times];
  const seconds = (frames * frameMs) / 1_000;
  return `<animate attributeName="visibility" calcMode="discrete" dur="${seconds}s" repeatCount="indefinite" values="${shown}" keyTimes="${when}"/>`;
}

/** Dots as circles and crosses, for fonts differ in them the most. */
function elementsOf({ column, right, text, style }: Cell, row: number): readonly string[] {
  const y = margin + row * lineHeight;
  const x = margin + column * charWidth;
  if (text.startsWith(dots.answered) || text.startsWith(dots.missed)) {
    return [...text].map((dot, at) => (dot === dots.answered ? circle : cross)(x + (at + 0.5) * charWidth, y + lineHeight / 2));
  }
  const names = [right && 'e', style && classes[style]].filter(Boolean).join(' ');
  return [`<text x="${x}" y="${y + 14}"${names === '' ? '' : ` class="${names}"`}>${escaped(text)}</text>`];
}

function circle(x: number, y: number): string {
  return `<circle cx="${x}" cy="${y}" r="${radius}" class="g"/>`;
}

function cross(x: number, y: number): string {
  const [left, top, size] = [x - radius, y - radius, 2 * radius];
  return `<path d="M${left} ${top}l${size} ${size}m0-${size}l-${size} ${size}" stroke="${colours.red}" stroke-width="2"/>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

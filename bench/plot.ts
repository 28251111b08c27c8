/** A log-log plot as SVG: the cost of a scrape against the number of series. */
import { shown } from './report.ts';
import type { Row } from './rounds.ts';

const width = 760;
const height = 492;
const margin = { top: 100, right: 190, bottom: 52, left: 76 };
const inner = { width: width - margin.left - margin.right, height: height - margin.top - margin.bottom };

/** Told apart without colour too: each line has a mark of its own and its name at its end. */
const colours = ['#0b6e4f', '#7a5195', '#c44900', '#b8860b', '#1f5fa8', '#444444', '#a61c3c'];
const styles = `text { font: 12px system-ui, sans-serif; fill: #333 } .title { font-size: 14px; font-weight: 600 } .grid { stroke: #ddd }
  .line { fill: none; stroke-width: 2 } @media (prefers-color-scheme: dark) { text { fill: #ddd } .grid { stroke: #444 } .back { fill: #111 } }`;

interface Line {
  readonly name: string;
  readonly colour: string;
  /** Series and milliseconds. */
  readonly points: readonly (readonly [number, number])[];
}

/** How to read the plot, and which options of the contenders the suite raises: see bridge-contender.ts and otel-sdk.ts. */
const notes = [
  'Lower is better; both axes have a logarithmic scale.',
  'Raised in Meterbridge: scrape.maxBytes, scrape.deadlineMs, the limits of labels;',
  'in otel-sdk: the cardinality limit.',
];

type Scale = (value: number) => number;

/** Rows of the suite `series`: ns a line become ms a scrape. */
export function plot(rows: readonly Row[]): string {
  const lines = linesOf(rows);
  const all = lines.flatMap(({ points }) => points);
  const [xs, ys] = [all.map(([series]) => series), all.map(([, ms]) => ms)];
  const [xTicks, yTicks] = [decades(xs), decades(ys)];
  const x = scale(xTicks, margin.left, margin.left + inner.width);
  const y = scale(yTicks, margin.top + inner.height, margin.top);
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="Cost of a scrape against the number of series">`,
    `<style>${styles}</style>`,
    `<rect class="back" width="${width}" height="${height}" fill="#fff"/>`,
    `<text class="title" x="${margin.left}" y="24">One scrape, all values changed: milliseconds against number of series</text>`,
    ...notes.map((note, at) => `<text x="${margin.left}" y="${44 + 18 * at}">${note}</text>`),
    ...xTicks.map((tick) => vertical(x(tick), shown(tick))),
    ...yTicks.map((tick) => horizontal(y(tick), shown(tick))),
    `<text x="${margin.left + inner.width / 2}" y="${height - 12}" text-anchor="middle">series</text>`,
    `<text transform="translate(18 ${margin.top + inner.height / 2}) rotate(-90)" text-anchor="middle">ms a scrape</text>`,
    ...lines.map((line) => curve(line, x, y)),
    ...names(lines, y),
  ].join('\n')}\n</svg>\n`;
}

function linesOf(rows: readonly Row[]): readonly Line[] {
  const contenders = [...new Set(rows.flatMap(({ results }) => Object.keys(results)))];
  return contenders.map((name, at) => ({
    name,
    colour: colours[at % colours.length] as string,
    points: rows.flatMap((row) => {
      const series = Number(row.case.replace('series-', ''));
      const perLine = row.results[name];
      return perLine === undefined ? [] : [[series, (perLine * series) / 1e6] as const];
    }),
  }));
}

/** Powers of ten around the values. */
function decades(values: readonly number[]): readonly number[] {
  const from = Math.floor(Math.log10(Math.min(...values)) + 1e-9);
  const to = Math.ceil(Math.log10(Math.max(...values)) - 1e-9);
  return Array.from({ length: to - from + 1 }, (_, at) => 10 ** (from + at));
}

function scale(ticks: readonly number[], from: number, to: number): Scale {
  const low = Math.log10(ticks[0] ?? 1);
  const span = Math.log10(ticks.at(-1) ?? 10) - low || 1;
  return (value) => Math.round((from + ((Math.log10(value) - low) / span) * (to - from)) * 10) / 10;
}

function vertical(at: number, text: string): string {
  const bottom = margin.top + inner.height;
  return `<path class="grid" d="M${at} ${margin.top}V${bottom}"/><text x="${at}" y="${bottom + 18}" text-anchor="middle">${text}</text>`;
}

function horizontal(at: number, text: string): string {
  const right = margin.left + inner.width;
  return `<path class="grid" d="M${margin.left} ${at}H${right}"/><text x="${margin.left - 8}" y="${at + 4}" text-anchor="end">${text}</text>`;
}

function curve({ colour, points }: Line, x: Scale, y: Scale): string {
  const path = points.map(([series, ms], at) => `${at === 0 ? 'M' : 'L'}${x(series)} ${y(ms)}`).join('');
  const marks = points.map(([series, ms]) => `<circle cx="${x(series)}" cy="${y(ms)}" r="3" fill="${colour}"/>`).join('');
  return `<path class="line" stroke="${colour}" d="${path}"/>${marks}`;
}

/** At the lines' ends, pushed apart where they would overlap. */
function names(lines: readonly Line[], y: Scale): readonly string[] {
  const left = margin.left + inner.width + 10;
  const sorted = lines
    .map(({ name, colour, points }) => ({ name, colour, at: y(points.at(-1)?.[1] ?? 1) }))
    .toSorted((a, b) => a.at - b.at);
  let last = Number.NEGATIVE_INFINITY;
  return sorted.map(({ name, colour, at }) => {
    last = Math.max(at, last + 15);
    return `<text x="${left}" y="${last + 4}" style="fill:${colour}">${name}</text>`;
  });
}

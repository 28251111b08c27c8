/** Pages of every kind of family, and what becomes of them where a few bytes are wrong. The same seed gives the same page. */

export interface Page {
  readonly format: 'openmetrics' | 'text';
  readonly text: string;
}

const openMetrics = [
  '# TYPE a counter\n# HELP a Say \\"hi\\".\\n\na_total{b="1",c="\\\\"} 1 # {t="x"} 0.5 1.5\na_created{b="1",c="\\\\"} 1.25\n# EOF\n',
  '# TYPE h histogram\nh_bucket{le="1.0"} 1 # {} 0.5\nh_bucket{le="+Inf"} 2\nh_count 2\nh_sum 3.5\n# EOF\n',
  '# TYPE g_seconds gauge\n# UNIT g_seconds seconds\n# HELP g_seconds \ng_seconds{a="ä"} -0.5e-3 12.5\ng_seconds NaN\n# EOF\n',
  '# TYPE s summary\ns{quantile="0.5"} 1\ns_count 1\ns_sum 1\n# TYPE i info\ni_info{v="1"} 1\n# TYPE e stateset\ne{e="x"} 1\ne{e="y"} 0\n# EOF',
  '# TYPE "a.b" gauge\n{"a.b","c d"="x"} 1\n{"a.b"} +Inf\n# TYPE q gaugehistogram\nq_bucket{le="+Inf"} 1\nq_gcount 1\nq_gsum 2\n# EOF\n',
];
const text = [
  '# HELP a_total Two\\nlines \\\\.\n# TYPE a_total counter\na_total{b="1",c="\\"\\n"} 1 1500\na_total 2\n',
  '# TYPE h histogram\nh_bucket{le="1"} 1\nh_bucket{le="+Inf"} 2\nh_sum 3.5\nh_count 2\n\n# a comment\n#\n',
  '# TYPE s summary\ns{quantile="0.5"} NaN\ns_sum 1\ns_count 1\n# TYPE u untyped\nu -Inf\nv 1e3\n',
  '# TYPE "a.b" gauge\n{"a.b","c d"="ä"} 1\n{ "a.b" , e = "f" , } 2 \n# EOF\nlast\t7\n',
];
const all: readonly Page[] = [
  ...openMetrics.map((page) => ({ format: 'openmetrics', text: page }) as const),
  ...text.map((page) => ({ format: 'text', text: page }) as const),
];

const pieces = [
  ...['{', '}', '"', '\\', ' ', '\n', '#', '=', ',', '_', '\t', '\r', '.', '-', '+', ':', '0', '1', 'e', 'a', 'é', '\u{1f4da}'],
  ...[
    '# ',
    '# TYPE ',
    '# HELP a b\n',
    '# EOF\n',
    'NaN',
    '+Inf',
    '1e400',
    '0x1p3',
    '1_0',
    '_total',
    '_bucket',
    'le="',
    '""',
    '" # {',
    '  ',
    '__name__',
  ],
  ...['a 1\n', '\n\n', '{"', '"}', ',}', '{}', '"="', '\\"', '\\d', ' 1 2', '# UNIT a a\n', 'quantile="2"', '\ufeff', '\ud800'],
] as const;

/** 32 bits, evenly spread: "mulberry32". */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) % below;
  };
}

/** Up to four changes to one of the pages. */
export function mutated(seed: number): Page {
  const below = generator(seed);
  const page = all[below(all.length)] as Page;
  let changed = page.text;
  for (let changes = 1 + below(4); changes > 0; changes--) changed = change(changed, below);
  return { format: page.format, text: changed };
}

function change(page: string, below: (limit: number) => number): string {
  const at = below(page.length + 1);
  const length = below(3);
  const lines = page.split('\n');
  const line = below(lines.length);
  switch (below(6)) {
    case 0:
      return page.slice(0, at) + page.slice(at + 1 + length);
    case 1:
      return page.slice(0, at);
    case 2:
      return lines.toSpliced(line, 0, lines[below(lines.length)] ?? '').join('\n');
    case 3:
      return lines.toSpliced(line, 1).join('\n');
    default:
      return page.slice(0, at) + pieces[below(pieces.length)] + page.slice(at + length);
  }
}

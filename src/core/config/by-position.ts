import type { Problem } from '../errors/error.ts';

/** Problems in the order of their lines and columns; files stay in the order of their first problem. */
export function byPosition(problems: readonly Problem[]): readonly Problem[] {
  const files = new Map<string, number>();
  const placed = problems.map((problem) => {
    const [, file = problem.at, line = '0', column = '0'] = /^(.*?):(\d+):(\d+)(?: |$)/.exec(problem.at) ?? [];
    if (!files.has(file)) files.set(file, files.size);
    return { problem, file: files.get(file) ?? 0, line: Number(line), column: Number(column) };
  });
  return placed.toSorted((a, b) => a.file - b.file || a.line - b.line || a.column - b.column).map(({ problem }) => problem);
}

/** OTLP/JSON lines of a file, read and closed. */
import type { OtlpRead } from '../../../check/lines/observe.ts';
import { readLines } from '../../../check/lines/read-lines.ts';
import type { Lines } from '../../../check/page/look.ts';

export async function linesOf(name: string, lines: Lines): Promise<OtlpRead> {
  try {
    return await readLines({ name, bytes: lines.read() });
  } finally {
    await lines.close();
  }
}

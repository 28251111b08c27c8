/** The exporter `debug`: writes what it is given, for people. */
import type { Batch } from '../../../formats/otlp/batch/batch.ts';
import { batchBytes, copyBatch } from '../../../formats/otlp/batch/copy-batch.ts';
import { walk } from '../../../formats/otlp/batch/walk.ts';
import type { Exporter, ExporterContext } from '../../component.ts';
import { createSlices } from '../slices.ts';
import type { DebugSettings } from './config.ts';
import { createOutput, type Output } from './output.ts';
import { createSampler, type Sampler } from './sampler.ts';
import { detailedLines } from './text/detailed.ts';
import { normalLines } from './text/normal.ts';

/** Bytes of a batch that is written at once, without a copy. */
const mostAtOnce = 8 * 1_024;
/** One to two milliseconds. */
const linesASlice = 500;
/** Bytes of batches that wait. */
const mostWaiting = 16 * 1_024 * 1_024;

const lines = { basic: undefined, normal: normalLines, detailed: detailedLines } as const;
type Lines = (typeof lines)[keyof typeof lines];

export function createDebug(settings: DebugSettings, context: ExporterContext): Exporter {
  const output = createOutput(settings, context);
  const { sampling_initial: initial, sampling_thereafter: thereafter } = settings;
  const sampler = createSampler({ initial, thereafter, clock: context.clock });
  const slices = createSlices(mostWaiting);
  let forget = () => {};
  const show = (batch: Batch) => shown(batch, lines[settings.verbosity], output, sampler);

  return Object.freeze({
    consume(batch: Batch) {
      if (!slices.waiting && (settings.verbosity === 'basic' || batch.bytes.length <= mostAtOnce)) {
        for (const _ of show(batch));
        return undefined;
      }
      const copy = copyBatch(batch);
      slices.add(show(copy), batchBytes(copy));
      // It waits only for its own output, so that it need not reject anything.
      if (context.memory.room === 0) slices.finish();
      return undefined;
    },
    async start() {
      output.open();
      forget = context.memory.add(() => slices.bytes);
    },
    async shutdown() {
      forget();
      slices.finish();
      output.close();
    },
  });
}

/** Writes a batch's line and text; pauses at the end of each slice. */
function* shown(batch: Batch, text: Lines, output: Output, sampler: Sampler): Generator<void> {
  const title = 'Metrics';
  sampler.part(title);
  if (sampler.end()) output.line(title, countsOf(batch));
  if (text === undefined) return;
  if (!sampler.showsAll) {
    yield* inSlices(text(batch), output.shown, sampler.part);
    if (!sampler.end()) return;
  }
  let held = '';
  yield* inSlices(text(batch), output.shown, (part) => {
    if (held.length > output.mostAtOnce) {
      output.text(held, false);
      held = '';
    }
    held += part;
  });
  output.text(held, true);
}

/** Gives the lines of each slice to `take`, and pauses. */
function* inSlices(lines: Iterable<string>, form: (line: string) => string, take: (part: string) => void): Generator<void> {
  let slice: string[] = [];
  // Joined, for a string that is added to goes on holding each of its parts.
  const end = () => take(slice.length === 0 ? '' : `${slice.join('\n')}\n`);
  for (const line of lines) {
    if (slice.push(form(line)) < linesASlice) continue;
    end();
    slice = [];
    yield;
  }
  end();
}

function countsOf(batch: Batch) {
  let resources = 0;
  let metrics = 0;
  walk(batch, { resource: () => void resources++, metric: () => void metrics++ });
  return { 'resource metrics': resources, metrics, 'data points': batch.points };
}

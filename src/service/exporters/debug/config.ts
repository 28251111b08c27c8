/** The keys of the exporter `debug`. */
import { flag, type Infer, list, notSupported, oneOf, section, text, wholeNumber } from '../../../core/config/schema/index.ts';

/** Longer than a drive's letter. */
const scheme = /^[a-z][a-z\d+.-]+:/i;

export const debugSchema = section(
  {
    /** `basic`: one line a batch. `normal`: and one a point. `detailed`: and all that the points have. */
    verbosity: oneOf(['basic', 'normal', 'detailed'], {
      default: 'basic',
      anyCase: true,
      refused: { none: 'the exporter debug has no such level' },
    }),
    /** Equal messages in a second that are all shown. */
    sampling_initial: wholeNumber({ default: 2 }),
    /** Behind those, one in so many is shown; 0: none. */
    sampling_thereafter: wholeNumber({ default: 1 }),
    /** Whether the text goes to the service's own log. */
    use_internal_logger: flag({ default: true }),
    /** `stdout`, `stderr`, or files, which are appended to. */
    output_paths: list(text(), { default: ['stdout'] }),
    sending_queue: notSupported('leave it out: text is written in the order of the batches, and large batches in slices'),
  },
  ({ use_internal_logger, output_paths }, on) => {
    if (use_internal_logger && on.has('output_paths')) {
      on.refuse(
        'output_paths',
        JSON.stringify(output_paths.join(', ')),
        'it goes with use_internal_logger: false',
        'write use_internal_logger: false, or leave it out',
      );
    }
    if (!use_internal_logger && output_paths.length === 0) {
      on.refuse('output_paths', '[]', 'it names one output at least', 'write [stdout]');
    }
    for (const path of output_paths.filter((path) => path === '' || scheme.test(path))) {
      on.refuse(
        'output_paths',
        JSON.stringify(path),
        'it is stdout, stderr or the path of a file',
        'write a path without a scheme',
      );
    }
  },
  // Beside the service's log, its default may not be written either.
  ({ output_paths, ...rest }) => (rest.use_internal_logger ? rest : { ...rest, output_paths }),
);

export type DebugSettings = Infer<typeof debugSchema>;

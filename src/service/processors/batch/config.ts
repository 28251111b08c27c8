import { duration, type Infer, notSupported, section, wholeNumber, withoutEffect } from '../../../core/config/schema/index.ts';

const most = 2 ** 32 - 1;

/** The keys of the processor `batch`. */
export const batchSchema = section(
  {
    /** How long points wait for others; 0: not at all. */
    timeout: duration({ default: '200ms' }),
    /** Points from which on a batch is handed on; 0: at once. */
    send_batch_size: wholeNumber({ default: 8_192, max: most }),
    /** Points of one batch at most; 0: no limit. */
    send_batch_max_size: wholeNumber({ default: 0, max: most }),
    metadata_keys: notSupported('leave it out: no component here reads client metadata of requests'),
    metadata_cardinality_limit: withoutEffect(wholeNumber({ default: 1_000 }), 'it is about metadata_keys'),
  },
  ({ send_batch_size: size, send_batch_max_size: largest }, on) => {
    if (largest > 0 && largest < size)
      on.refuse(
        'send_batch_max_size',
        String(largest),
        `it is at least send_batch_size, which is ${size}`,
        'raise it, or lower send_batch_size',
      );
  },
);

export type BatchSettings = Infer<typeof batchSchema>;

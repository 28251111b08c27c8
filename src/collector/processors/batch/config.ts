import { duration, list, section, text, wholeNumber, withoutEffect } from '../../../config/schema/index.ts';

const atOnce = 'a batch is handed on as it comes';

/** The keys of the processor `batch`. */
export const batchSchema = section({
  timeout: withoutEffect(duration({ default: '200ms' }), atOnce),
  send_batch_size: withoutEffect(wholeNumber({ default: 8_192 }), atOnce),
  send_batch_max_size: withoutEffect(wholeNumber({ default: 0 }), atOnce),
  metadata_keys: withoutEffect(list(text()), 'no component here reads what a request says about its client'),
  metadata_cardinality_limit: withoutEffect(wholeNumber({ default: 1_000 }), atOnce),
});

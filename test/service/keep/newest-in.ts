/** What a page shows of the senders. */
import assert from 'node:assert/strict';
import { senders } from '../forwarding/senders.ts';

/** By sender: all that its requests have is in step. */
export function newestIn(values: ReadonlyMap<string, number>): readonly number[] {
  return Array.from({ length: senders }, (_, sender) => {
    const labels = `instance="${sender}",otel_scope_name="",otel_scope_schema_url="",otel_scope_version=""`;
    const total = values.get(`total{${labels}}`) ?? values.get(`total_total{${labels}}`) ?? 0;
    const all = [`delta_total{${labels}}`, `level{${labels}}`, `duration_count{${labels}}`, `duration_sum{${labels}}`];
    if (total > 0)
      assert.deepEqual(
        all.map((name) => values.get(name)),
        [total, total / 2, total, total],
      );
    return total;
  });
}

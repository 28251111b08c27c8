/** A job that ends: it pushes its numbers to a Collector before it exits, because no scrape reaches a process that has ended. */
import { contract, counter, gauge, meterbridge, oneOf } from 'meterbridge';

const cleanup = contract('cleanup', {
  files: counter({
    unit: '{file}',
    help: 'Files looked at, by what became of them.',
    labels: { outcome: oneOf('removed', 'kept') },
  }),
  lastSuccess: gauge({ unit: 's', help: 'When the job last succeeded, in seconds since 1970.' }),
});

const endpoint = process.env.OTEL_EXPORTER_OTLP_ENDPOINT ?? 'http://127.0.0.1:4318';
const bridge = meterbridge(cleanup, { push: { endpoint } });
const { files, lastSuccess } = bridge.metrics;

for (const age of [1, 40, 90]) files.inc({ outcome: age > 30 ? 'removed' : 'kept' });
lastSuccess.set(Date.now() / 1_000);

// Pushes a last time, and waits up to 5 s for the answer. A failure is a line in the log.
await bridge.close();

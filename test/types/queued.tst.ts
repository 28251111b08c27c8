import { expect, test } from 'tstyche';
import {
  type Batch,
  type Exporter,
  type ExporterContext,
  type ExporterFactory,
  type Infer,
  queued,
  retryOnFailure,
  section,
  sendingQueue,
  storageNeedsOf,
  url,
} from '../../src/collector.ts';

const schema = section({ endpoint: url(), sending_queue: sendingQueue, retry_on_failure: retryOnFailure });
declare const settings: Infer<typeof schema>;
declare const context: ExporterContext;

test('an exporter with a queue: its settings have both sections, and it has send', () => {
  expect(queued).type.toBeCallableWith(context, settings, { send: (_: Batch) => undefined });
  expect(
    queued(context, settings, { send: async () => ({ points: 1, why: 'late' }), open: async () => {}, close() {} }),
  ).type.toBe<Exporter>();
  expect(queued).type.not.toBeCallableWith(context, settings, {});
  expect(queued).type.not.toBeCallableWith(context, settings, { send: () => true });
  expect(queued).type.not.toBeCallableWith(context, { sending_queue: settings.sending_queue }, { send: () => undefined });
});

test('its factory asks for the storage', () => {
  expect(storageNeedsOf).type.toBeAssignableTo<NonNullable<ExporterFactory<Infer<typeof schema>>['needs']>>();
});

/**
 * A contract with every kind, recorded and observed, and every sort of label; with it, typed by hand, what must arrive at a
 * Collector.
 */
import {
  capped,
  contract,
  counter,
  gauge,
  histogram,
  identity,
  info,
  oneOf,
  summary,
  upDownCounter,
} from '../../src/core/contract/index.ts';
import type { ExpectedInstrument, ExpectedInstruments } from './debug-series.ts';

export const outcomes = ['ok', 'failed', 'skipped'] as const;
export const zones = ['north', 'south'] as const;
export const whiches = ['nan', 'largest', 'smallest'] as const;

export const fixture = contract('fixture', {
  jobs: counter({ unit: '{job}', help: 'Finished jobs.', labels: { outcome: oneOf(...outcomes) } }),
  bytesRead: counter({ unit: 'By', help: 'Bytes read.', labels: { volume: capped({ limit: 3 }) } }),
  retries: counter({ help: 'Retries of all jobs.' }),
  queueDepth: upDownCounter({ unit: '{job}', help: 'Waiting jobs.', labels: { queue: identity({ limit: 20 }) } }),
  temperature: gauge({ unit: 'Cel', help: 'Temperature of a room.', labels: { zone: oneOf(...zones) } }),
  load: gauge({ unit: '%', help: 'How busy a worker is.', labels: { worker: identity({ limit: 20 }), zone: oneOf(...zones) } }),
  extreme: gauge({ help: 'What doubles can be.', labels: { which: oneOf(...whiches) } }),
  duration: histogram({
    unit: 's',
    help: 'Time of a job.',
    bounds: [0.005, 0.1, 1, 60],
    labels: { outcome: oneOf(...outcomes), task: identity({ limit: 4 }) },
  }),
  size: histogram({ unit: 'By', help: 'Size of a result.', bounds: [1024, 1_048_576] }),
  latency: summary({ unit: 's', help: 'Time to the first byte.', labels: { zone: oneOf(...zones) } }),
  buildInfo: info({ help: 'What is running.', labels: { version: capped({ limit: 10 }) } }),
  scanned: counter({ observed: true, unit: '{file}', help: 'Scanned files.', labels: { disk: identity({ limit: 20 }) } }),
  openFiles: upDownCounter({ observed: true, unit: '{file}', help: 'Open files.' }),
  diskUsed: gauge({ observed: true, unit: 'By', help: 'Used bytes of a disk.', labels: { disk: identity({ limit: 20 }) } }),
  agents: gauge({ observed: true, help: 'Agents by state.', labels: { state: oneOf('idle', 'busy') } }),
  lag: histogram({
    observed: true,
    unit: 's',
    help: 'Lag of a stream.',
    bounds: [0.5, 2],
    labels: { disk: identity({ limit: 20 }) },
  }),
  waits: summary({ observed: true, unit: 's', help: 'Waits for a disk.', labels: { disk: identity({ limit: 20 }) } }),
  firmwareInfo: info({
    observed: true,
    help: 'Firmware of a disk.',
    labels: { disk: identity({ limit: 20 }), revision: capped({ limit: 20 }) },
  }),
});

function expect(
  series: string,
  kind: ExpectedInstrument['kind'],
  unit: string,
  help: string,
  bounds?: readonly number[],
): ExpectedInstrument {
  return { scope: 'fixture', series, kind, unit, help, ...(bounds === undefined ? {} : { bounds }) };
}

export const expectedOfFixture: ExpectedInstruments = {
  'fixture.jobs': expect('fixture_jobs_total', 'counter', '{job}', 'Finished jobs.'),
  'fixture.bytes.read': expect('fixture_bytes_read_total', 'counter', 'By', 'Bytes read.'),
  'fixture.retries': expect('fixture_retries_total', 'counter', '', 'Retries of all jobs.'),
  'fixture.queue.depth': expect('fixture_queue_depth', 'updowncounter', '{job}', 'Waiting jobs.'),
  'fixture.temperature': expect('fixture_temperature_celsius', 'gauge', 'Cel', 'Temperature of a room.'),
  'fixture.load': expect('fixture_load_percent', 'gauge', '%', 'How busy a worker is.'),
  'fixture.extreme': expect('fixture_extreme', 'gauge', '', 'What doubles can be.'),
  'fixture.duration': expect('fixture_duration_seconds', 'histogram', 's', 'Time of a job.', [0.005, 0.1, 1, 60]),
  'fixture.size': expect('fixture_size_bytes', 'histogram', 'By', 'Size of a result.', [1024, 1_048_576]),
  'fixture.latency': expect('fixture_latency_seconds', 'summary', 's', 'Time to the first byte.'),
  'fixture.build.info': expect('fixture_build_info', 'info', '', 'What is running.'),
  'fixture.scanned': expect('fixture_scanned_total', 'counter', '{file}', 'Scanned files.'),
  'fixture.open.files': expect('fixture_open_files', 'updowncounter', '{file}', 'Open files.'),
  'fixture.disk.used': expect('fixture_disk_used_bytes', 'gauge', 'By', 'Used bytes of a disk.'),
  'fixture.agents': expect('fixture_agents', 'gauge', '', 'Agents by state.'),
  'fixture.lag': expect('fixture_lag_seconds', 'histogram', 's', 'Lag of a stream.', [0.5, 2]),
  'fixture.waits': expect('fixture_waits_seconds', 'summary', 's', 'Waits for a disk.'),
  'fixture.firmware.info': expect('fixture_firmware_info', 'info', '', 'Firmware of a disk.'),
  // Recorded through the OpenTelemetry API, named by no contract.
  'library.calls': { ...expect('library_calls_total', 'counter', '{call}', 'Calls of a library.'), scope: 'library' },
};

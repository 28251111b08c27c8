/**
 * The runtime's metrics under the names, units and attributes of OpenTelemetry's semantic conventions 1.45 (Node.js, V8 and
 * process metrics).
 */
import { type Across, capped, contract, counter, gauge, histogram, oneOf, upDownCounter } from '../../core/contract/index.ts';
import { delayBounds } from './event-loop-delay.ts';
import { gcKinds } from './garbage-collection.ts';

const delay = (of: string, help: string, across: Across = 'average') =>
  gauge({ observed: true, instrument: `nodejs.eventloop.delay.${of}`, unit: 's', help, across });
const space = { 'v8js.heap.space.name': capped({ limit: 50 }) };
const bytes = (instrument: string, help: string) => upDownCounter({ observed: true, instrument, unit: 'By', help });
const ofSpace = (instrument: string, help: string) =>
  upDownCounter({ observed: true, instrument, unit: 'By', help, labels: space });

export const semconvNames = contract(
  'nodejs',
  {
    delayMin: delay('min', 'Shortest time between two runs of a 10 ms timer, since the previous collection.', 'min'),
    delayMax: delay('max', 'Longest time between two runs of a 10 ms timer, since the previous collection.', 'max'),
    delayMean: delay('mean', 'Mean time between two runs of a 10 ms timer, since the previous collection.'),
    delayStddev: delay('stddev', 'Standard deviation of the time between two runs of a 10 ms timer.'),
    delayP50: delay('p50', 'Median time between two runs of a 10 ms timer, since the previous collection.'),
    delayP90: delay('p90', '90th percentile of the time between two runs of a 10 ms timer.'),
    delayP99: delay('p99', '99th percentile of the time between two runs of a 10 ms timer.'),
    delay: histogram({
      observed: true,
      instrument: 'nodejs.eventloop.delay',
      unit: 's',
      help: 'How late the event loop ran a timer that is due every 10 ms.',
      bounds: delayBounds,
    }),
    utilization: gauge({
      observed: true,
      instrument: 'nodejs.eventloop.utilization',
      unit: '1',
      help: 'Part of the time in which the event loop was active, since the previous collection.',
      across: 'average',
    }),
    time: counter({
      observed: true,
      instrument: 'nodejs.eventloop.time',
      unit: 's',
      help: 'Time of the event loop, by what it did.',
      labels: { 'nodejs.eventloop.state': oneOf('active', 'idle') },
      zeroFilled: false,
    }),
    gcDuration: histogram({
      instrument: 'v8js.gc.duration',
      unit: 's',
      help: 'Duration of garbage collections, by kind.',
      bounds: [0.01, 0.1, 1, 10],
      labels: { 'v8js.gc.type': oneOf(...gcKinds) },
      zeroFilled: false,
    }),
    heapLimit: ofSpace('v8js.memory.heap.limit', 'Size of a heap space.'),
    heapUsed: ofSpace('v8js.memory.heap.used', 'Used part of a heap space.'),
    heapAvailable: ofSpace('v8js.memory.heap.space.available_size', 'Free part of a heap space.'),
    heapPhysical: ofSpace('v8js.memory.heap.space.physical_size', 'Committed memory of a heap space.'),
    cpu: counter({
      observed: true,
      instrument: 'process.cpu.time',
      unit: 's',
      help: 'CPU time of the process.',
      labels: { 'cpu.mode': oneOf('user', 'system') },
    }),
    memory: bytes('process.memory.usage', 'Resident memory.'),
    virtual: bytes('process.memory.virtual', 'Virtual memory (Linux).'),
    files: upDownCounter({
      observed: true,
      instrument: 'process.unix.file_descriptor.count',
      unit: '{file_descriptor}',
      help: 'Open file descriptors (Linux).',
    }),
    uptime: gauge({
      observed: true,
      instrument: 'process.uptime',
      unit: 's',
      help: 'How long the process has been running.',
      across: 'max',
    }),
  },
  {
    accepts: {
      nodejs_eventloop_utilization_ratio: ['ratio-unit'],
      process_unix_file_descriptor_count: ['count-suffix'],
    },
  },
);

/** The runtime's metrics under the names, types and labels of prom-client's default metrics, for dashboards that exist. */
import { type Across, capped, contract, counter, gauge, histogram, info, oneOf } from '../../core/contract/index.ts';
import { delayBounds } from './event-loop-delay.ts';
import { gcKinds } from './garbage-collection.ts';

/** `across` is what prom-client's own aggregator of the metric is. */
const observed = (series: string, help: string, across: Across = 'sum') => gauge({ observed: true, series, help, across });
const type = { type: capped({ limit: 100 }) };
const space = { space: capped({ limit: 50 }) };

export const promClientNames = contract(
  'nodejs',
  {
    cpuUser: counter({
      observed: true,
      series: 'process_cpu_user_seconds_total',
      help: 'CPU time of the process in user mode, in seconds.',
    }),
    cpuSystem: counter({
      observed: true,
      series: 'process_cpu_system_seconds_total',
      help: 'CPU time of the process in system mode, in seconds.',
    }),
    cpu: counter({ observed: true, series: 'process_cpu_seconds_total', help: 'CPU time of the process, in seconds.' }),
    started: gauge({
      series: 'process_start_time_seconds',
      help: 'When the process started, in seconds since 1970.',
      across: 'omit',
    }),
    resident: observed('process_resident_memory_bytes', 'Resident memory.'),
    virtual: observed('process_virtual_memory_bytes', 'Virtual memory (Linux).'),
    data: observed('process_heap_bytes', 'Size of the data segment (Linux: VmData).'),
    openFds: gauge({ observed: true, series: 'process_open_fds', help: 'Open file descriptors (Linux).' }),
    maxFds: gauge({ series: 'process_max_fds', help: 'The most file descriptors that may be open (Linux).' }),
    lag: observed(
      'nodejs_eventloop_lag_seconds',
      'How long an immediate callback waited, at the previous collection.',
      'average',
    ),
    lagMin: observed(
      'nodejs_eventloop_lag_min_seconds',
      'Shortest time between two runs of a 10 ms timer, since the previous collection.',
      'min',
    ),
    lagMax: observed(
      'nodejs_eventloop_lag_max_seconds',
      'Longest time between two runs of a 10 ms timer, since the previous collection.',
      'max',
    ),
    lagMean: observed(
      'nodejs_eventloop_lag_mean_seconds',
      'Mean time between two runs of a 10 ms timer, since the previous collection.',
      'average',
    ),
    lagStddev: observed(
      'nodejs_eventloop_lag_stddev_seconds',
      'Standard deviation of the time between two runs of a 10 ms timer.',
      'average',
    ),
    lagP50: observed(
      'nodejs_eventloop_lag_p50_seconds',
      'Median time between two runs of a 10 ms timer, since the previous collection.',
      'average',
    ),
    lagP90: observed(
      'nodejs_eventloop_lag_p90_seconds',
      '90th percentile of the time between two runs of a 10 ms timer.',
      'average',
    ),
    lagP99: observed(
      'nodejs_eventloop_lag_p99_seconds',
      '99th percentile of the time between two runs of a 10 ms timer.',
      'average',
    ),
    delay: histogram({
      observed: true,
      series: 'nodejs_eventloop_delay_seconds',
      help: 'How late the event loop ran a timer that is due every 10 ms.',
      bounds: delayBounds,
    }),
    resources: gauge({
      observed: true,
      series: 'nodejs_active_resources',
      help: 'Resources that keep the event loop alive, by type.',
      labels: type,
    }),
    resourcesTotal: gauge({
      observed: true,
      series: 'nodejs_active_resources_total',
      help: 'Resources that keep the event loop alive.',
    }),
    handles: gauge({ observed: true, series: 'nodejs_active_handles', help: 'Active handles, by class.', labels: type }),
    handlesTotal: gauge({ observed: true, series: 'nodejs_active_handles_total', help: 'Active handles.' }),
    requests: gauge({
      observed: true,
      series: 'nodejs_active_requests',
      help: 'Active requests of libuv, by class.',
      labels: type,
    }),
    requestsTotal: gauge({ observed: true, series: 'nodejs_active_requests_total', help: 'Active requests of libuv.' }),
    heapTotal: observed('nodejs_heap_size_total_bytes', 'Size of the V8 heap.'),
    heapUsed: observed('nodejs_heap_size_used_bytes', 'Used part of the V8 heap.'),
    external: observed('nodejs_external_memory_bytes', 'Memory outside the heap that objects in it hold.'),
    spaceTotal: gauge({
      observed: true,
      series: 'nodejs_heap_space_size_total_bytes',
      help: 'Size of a heap space.',
      labels: space,
    }),
    spaceUsed: gauge({
      observed: true,
      series: 'nodejs_heap_space_size_used_bytes',
      help: 'Used part of a heap space.',
      labels: space,
    }),
    spaceAvailable: gauge({
      observed: true,
      series: 'nodejs_heap_space_size_available_bytes',
      help: 'Free part of a heap space.',
      labels: space,
    }),
    version: info({
      series: 'nodejs_version_info',
      help: 'Version of Node.js, always 1.',
      labels: {
        version: capped({ limit: 2 }),
        major: capped({ limit: 2 }),
        minor: capped({ limit: 2 }),
        patch: capped({ limit: 2 }),
      },
    }),
    gcDuration: histogram({
      series: 'nodejs_gc_duration_seconds',
      help: 'Duration of garbage collections, by kind.',
      bounds: [0.001, 0.01, 0.1, 1, 2, 5],
      labels: { kind: oneOf(...gcKinds) },
      zeroFilled: false,
    }),
  },
  {
    accepts: Object.fromEntries(
      ['resources', 'handles', 'requests'].map((what) => [`nodejs_active_${what}_total`, ['total-suffix']]),
    ),
  },
);

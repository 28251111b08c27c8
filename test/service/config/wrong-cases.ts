// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references are what some of these cases are about
/** Configurations that cannot be used, and every problem of each. FOLDER is where the file stands. */
export interface WrongCase {
  readonly what: string;
  readonly yaml: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly problems: readonly string[];
}

const rest = 'exporters: {debug: }\nservice: {pipelines: {metrics: {receivers: [otlp], exporters: [debug]}}}\n';

export const wrong: readonly WrongCase[] = [
  {
    what: 'a misspelt key',
    yaml: `receivers:\n  otlp:\n    protocols:\n      http:\n        endpont: x:1\n${rest}`,
    problems: ['c.yaml:5:9 receivers.otlp.protocols.http.endpont: got "endpont"; there is no such key. Fix: write endpoint.'],
  },
  {
    what: 'a key that the Collector has',
    yaml: `receivers:\n  otlp:\n    protocols:\n      http:\n        middlewares: [{id: a}]\n${rest}`,
    problems: [
      'c.yaml:5:9 receivers.otlp.protocols.http.middlewares: got "middlewares"; the Collector has this key, meterbridge serve has not. Fix: leave it out.',
    ],
  },
  {
    what: 'a misspelt section',
    yaml: `receivres: {}\nreceivers: {otlp: {protocols: {http: }}}\n${rest}`,
    problems: ['c.yaml:1:1 receivres: got "receivres"; there is no such key. Fix: write receivers.'],
  },
  {
    what: 'components that the Collector has, under both of their names',
    yaml: `receivers: {otlp: {protocols: {http: }}, hostmetrics: , host_metrics: }\n${rest}`,
    problems: [
      'c.yaml:1:42 receivers.hostmetrics: got "hostmetrics"; the Collector has this receiver, meterbridge serve has not. Fix: use otlp.',
      'c.yaml:1:57 receivers.host_metrics: got "host_metrics"; the Collector has this receiver, meterbridge serve has not. Fix: use otlp.',
    ],
  },
  {
    what: 'a processor that is not needed here',
    yaml: `receivers: {otlp: {protocols: {http: }}}\nprocessors: {delta_to_cumulative: }\n${rest}`,
    problems: [
      'c.yaml:2:14 processors.delta_to_cumulative: got "delta_to_cumulative"; the Collector has this processor, meterbridge serve has not. Fix: leave it out: the exporter prometheus adds deltas up by itself.',
    ],
  },
  {
    what: 'a misspelt type',
    yaml: `receivers: {otlp: {protocols: {http: }}, otpl: }\n${rest}`,
    problems: ['c.yaml:1:42 receivers.otpl: got "otpl"; unknown type: there is no such receiver. Fix: write otlp.'],
  },
  {
    what: 'a type that nobody has',
    yaml: `receivers: {otlp: {protocols: {http: }}, something: }\n${rest}`,
    problems: ['c.yaml:1:42 receivers.something: got "something"; unknown type: there is no such receiver. Fix: use otlp.'],
  },
  {
    what: 'a connector',
    yaml: `receivers: {otlp: {protocols: {http: }}}\nconnectors: {forward: }\n${rest}`,
    problems: [
      'c.yaml:2:14 connectors.forward: got "forward"; the Collector has this connector, meterbridge serve has not. Fix: leave it out.',
    ],
  },
  {
    what: 'ids that are none',
    yaml: `receivers: {otlp: {protocols: {http: }}, 2fast: , "otlp/": }\n${rest}`,
    problems: [
      'c.yaml:1:42 receivers.2fast: got "2fast"; a component id is TYPE or TYPE/NAME. Fix: write otlp or otlp/2.',
      'c.yaml:1:51 receivers.otlp/: got "otlp/"; a component id is TYPE or TYPE/NAME. Fix: write otlp or otlp/2.',
    ],
  },
  {
    what: 'an id twice, spelled differently',
    yaml: `receivers: {otlp/a: {protocols: {http: }}, otlp / a: {protocols: {http: }}, otlp: {protocols: {http: }}}\n${rest}`,
    problems: ['c.yaml:1:44 receivers.otlp / a: got "otlp / a"; a key occurs once in its section. Fix: keep one of the two.'],
  },
  {
    what: 'ids that nothing defines',
    yaml: 'receivers: {otlp: {protocols: {http: }}}\nexporters: {debug: }\nextensions: {health_check: }\nservice: {extensions: [health_chek], pipelines: {metrics: {receivers: [otlp, otpl], processors: [batch], exporters: [debug, nop]}}}\n',
    problems: [
      'c.yaml:4:24 service.extensions[0]: got "health_chek"; there is no such extension below extensions. Fix: write health_check.',
      'c.yaml:4:78 service.pipelines.metrics.receivers[1]: got "otpl"; there is no such receiver below receivers. Fix: write otlp.',
      'c.yaml:4:98 service.pipelines.metrics.processors[0]: got "batch"; there is no such processor below processors. Fix: define it below processors, or take it out.',
      'c.yaml:4:125 service.pipelines.metrics.exporters[1]: got "nop"; there is no such exporter below exporters. Fix: define it below exporters, or take it out.',
    ],
  },
  {
    what: 'a processor twice',
    yaml: 'receivers: {otlp: {protocols: {http: }}}\nexporters: {debug: }\nprocessors: {batch: }\nservice: {pipelines: {metrics: {receivers: [otlp], processors: [batch, batch], exporters: [debug]}}}\n',
    problems: [
      'c.yaml:4:72 service.pipelines.metrics.processors[1]: got "batch"; a pipeline has a processor once. Fix: keep one of the two.',
    ],
  },
  {
    what: 'pipelines without receivers and exporters',
    yaml: 'receivers: {otlp: {protocols: {http: }}}\nexporters: {debug: }\nservice: {pipelines: {metrics: {receivers: [], exporters: }, metrics/2: }}\n',
    problems: [
      'c.yaml:3:23 service.pipelines.metrics.receivers: got nothing; a pipeline has at least one receiver. Fix: add receivers: [otlp].',
      'c.yaml:3:23 service.pipelines.metrics.exporters: got nothing; a pipeline has at least one exporter. Fix: add exporters: [debug].',
      'c.yaml:3:62 service.pipelines.metrics/2.receivers: got nothing; a pipeline has at least one receiver. Fix: add receivers: [otlp].',
      'c.yaml:3:62 service.pipelines.metrics/2.exporters: got nothing; a pipeline has at least one exporter. Fix: add exporters: [debug].',
    ],
  },
  {
    what: 'no pipeline',
    yaml: 'receivers: {otlp: {protocols: {http: }}}\nexporters: {debug: }\nservice: \n',
    problems: [
      'c.yaml:3:10 service.pipelines: got nothing; there is at least one pipeline. Fix: add service: {pipelines: {metrics: …}}.',
    ],
  },
  {
    what: 'an empty file',
    yaml: '',
    problems: [
      'c.yaml:1:1 receivers: got nothing; there is at least one receiver. Fix: add receivers:.',
      'c.yaml:1:1 exporters: got nothing; there is at least one exporter. Fix: add exporters:.',
      'c.yaml:1:1 service.pipelines: got nothing; there is at least one pipeline. Fix: add service: {pipelines: {metrics: …}}.',
    ],
  },
  {
    what: 'pipelines of other signals, and of none',
    yaml: 'receivers: {otlp: {protocols: {http: }}}\nexporters: {debug: }\nservice: {pipelines: {traces: {receivers: [otlp], exporters: [debug]}, logs/a: , profiles: , metrix: }}\n',
    problems: [
      'c.yaml:3:23 service.pipelines.traces: got "traces"; only metrics are received here. Fix: remove the pipeline, or leave all others out with --metrics-only.',
      'c.yaml:3:72 service.pipelines.logs/a: got "logs/a"; only metrics are received here. Fix: remove the pipeline, or leave all others out with --metrics-only.',
      'c.yaml:3:82 service.pipelines.profiles: got "profiles"; only metrics are received here. Fix: remove the pipeline, or leave all others out with --metrics-only.',
      'c.yaml:3:94 service.pipelines.metrix: got "metrix"; a pipeline is metrics or metrics/NAME. Fix: write metrics.',
    ],
  },
  {
    what: 'a receiver without protocols',
    yaml: `receivers: {otlp: }\n${rest}`,
    problems: [
      'c.yaml:1:13 receivers.otlp.protocols: got none; a receiver has at least one protocol. Fix: write protocols: with http: or grpc: below it.',
    ],
  },
  {
    what: 'two servers on one address',
    yaml: 'receivers: {otlp: {protocols: {http: {endpoint: "localhost:8889"}, grpc: {endpoint: "0.0.0.0:9999"}}}}\nexporters: {prometheus: {endpoint: "127.0.0.1:8889"}}\nextensions: {health_check: {endpoint: "[::1]:9999"}}\nservice: {extensions: [health_check], pipelines: {metrics: {receivers: [otlp], exporters: [prometheus]}}}\n',
    problems: [
      'c.yaml:1:49 receivers.otlp.protocols.http.endpoint: got localhost:8889; another server listens there: c.yaml:2:36 exporters.prometheus.endpoint. Fix: give one of the two another port.',
      'c.yaml:1:85 receivers.otlp.protocols.grpc.endpoint: got 0.0.0.0:9999; another server listens there: c.yaml:3:39 extensions.health_check.endpoint. Fix: give one of the two another port.',
    ],
  },
  {
    what: 'a server on the address of the own metrics',
    yaml: `receivers: {otlp: {protocols: {http: {endpoint: "localhost:8888"}}}}\n${rest}`,
    problems: [
      'c.yaml:1:49 receivers.otlp.protocols.http.endpoint: got localhost:8888; another server listens there: c.yaml:3:10 service.telemetry.metrics.readers. Fix: give one of the two another port.',
    ],
  },
  {
    what: 'wrong types, a wrong range and a negative duration',
    yaml: `receivers:\n  otlp:\n    protocols:\n      http:\n        max_request_body_size: "10"\n        read_timeout: 5 s\n        keep_alives_enabled: yes\n        metrics_url_path: 5\n        endpoint: localhost\n        write_timeout: -5s\n        idle_timeout: [5s]\n${rest}`,
    problems: [
      'c.yaml:5:32 receivers.otlp.protocols.http.max_request_body_size: got "10"; it is a whole number of at least 0. Fix: write 20971520.',
      'c.yaml:6:23 receivers.otlp.protocols.http.read_timeout: got "5 s"; it is a duration of at least 0s, with its unit. Fix: write it as 30s.',
      'c.yaml:7:30 receivers.otlp.protocols.http.keep_alives_enabled: got "yes"; it is true or false. Fix: write true or false, without quotes.',
      'c.yaml:8:27 receivers.otlp.protocols.http.metrics_url_path: got 5; it is a string. Fix: write /v1/metrics.',
      'c.yaml:9:19 receivers.otlp.protocols.http.endpoint: got "localhost"; it is HOST:PORT, with a port from 0 to 65535. Fix: write localhost:4318.',
      'c.yaml:10:24 receivers.otlp.protocols.http.write_timeout: got "-5s"; it is a duration of at least 0s, with its unit. Fix: write it as 30s.',
      'c.yaml:11:23 receivers.otlp.protocols.http.idle_timeout: got a list; it is a duration of at least 0s, with its unit. Fix: write it as 30s.',
    ],
  },
  {
    what: 'values outside their enumeration, and a required key',
    yaml: 'receivers: {otlp: {protocols: {http: }}}\nexporters: {debug: {verbosity: loud}, prometheus: {translation_strategy: NoTranslation, metric_expiration: 1d}}\nservice: {pipelines: {metrics: {receivers: [otlp], exporters: [debug]}}}\n',
    problems: [
      'c.yaml:2:32 exporters.debug.verbosity: got "loud"; it is one of the known values. Fix: use basic or detailed.',
      'c.yaml:2:51 exporters.prometheus.endpoint: got nothing; it is required: it is HOST:PORT, with a port from 0 to 65535. Fix: write localhost:4318.',
      'c.yaml:2:74 exporters.prometheus.translation_strategy: got "NoTranslation"; the Collector has it, meterbridge serve has not. Fix: use UnderscoreEscapingWithSuffixes.',
      'c.yaml:2:108 exporters.prometheus.metric_expiration: got "1d"; it is a duration of at least 0s, with its unit. Fix: write it as 5m.',
    ],
  },
  {
    what: 'a secret of the wrong type',
    yaml: 'receivers: {otlp: {protocols: {http: }}}\nexporters: {debug: , prometheus: {endpoint: "x:1", token: [hunter2]}}\nservice: {pipelines: {metrics: {receivers: [otlp], exporters: [debug]}}}\n',
    problems: ['c.yaml:2:59 exporters.prometheus.token: got [redacted]; it is a string. Fix: write it in quotes.'],
  },
  {
    what: 'values where sections and lists are wanted',
    yaml: 'receivers: [otlp]\nexporters: {debug: 5}\nservice: {pipelines: {metrics: {receivers: {a: b}, exporters: [debug, [x]]}}}\n',
    problems: [
      'c.yaml:1:12 receivers: got a list; it has keys below it. Fix: write TYPE: or TYPE/NAME:.',
      'c.yaml:2:20 exporters.debug: got a single value; it has keys below it. Fix: use verbosity, sampling_initial.',
      'c.yaml:3:23 service.pipelines.metrics.receivers: got nothing; a pipeline has at least one receiver. Fix: add receivers: [otlp].',
      'c.yaml:3:44 service.pipelines.metrics.receivers: got a section; it is a list. Fix: write [ONE, TWO], or one "- VALUE" a line.',
      'c.yaml:3:71 service.pipelines.metrics.exporters[1]: got a list; it is TYPE or TYPE/NAME: a type of letters, digits and _, and a name without spaces. Fix: write otlp or otlp/2.',
    ],
  },
  {
    what: 'no YAML',
    yaml: 'receivers: {otlp: {protocols: {http: }}}\nexporters: {debug: \n',
    problems: [
      'c.yaml:2:20: got what YAML calls BAD_INDENT; a configuration is one YAML document. Fix: correct the syntax here.',
    ],
  },
  {
    what: 'a key twice',
    yaml: 'receivers: {otlp: {protocols: {http: }}}\nexporters:\n  debug:\n  debug:\nservice: {pipelines: {metrics: {receivers: [otlp], exporters: [debug]}}}\n',
    problems: ['c.yaml:4:3: got a key twice; a key occurs once in its section. Fix: keep one of the two.'],
  },
  {
    what: 'an alias of nothing',
    yaml: `receivers:\n  otlp:\n    protocols:\n      http:\n        endpoint: *x\n${rest}`,
    problems: [
      'c.yaml:5:19: got an alias of nothing; an alias (*NAME) names an anchor (&NAME) above it. Fix: add the anchor, or put the string in quotes.',
    ],
  },
  {
    what: 'an alias of a node that contains it',
    yaml: `receivers:\n  otlp:\n    protocols:\n      http:\n        endpoint: &x [*x]\n${rest}`,
    problems: [
      'c.yaml:5:22 receivers.otlp.protocols.http.endpoint: got a list; it is HOST:PORT, with a port from 0 to 65535. Fix: write localhost:4318.',
      'c.yaml:5:23: got an alias of a node that contains it; a value does not contain itself. Fix: leave it out.',
    ],
  },
  {
    what: 'a list for a configuration',
    yaml: '- a\n',
    problems: ['c.yaml:1:1: got a list; a configuration has keys below it. Fix: begin with receivers:.'],
  },
  {
    what: 'variables that name each other',
    yaml: `receivers:\n  otlp:\n    protocols:\n      http:\n        endpoint: \${env:A}\n${rest}`,
    env: { A: '${env:B}', B: '${env:A}' },
    problems: [
      'c.yaml:5:19 receivers.otlp.protocols.http.endpoint: got env:A; references do not lead back to themselves. Fix: break the cycle.',
    ],
  },
  {
    what: 'a variable that grows',
    yaml: `receivers:\n  otlp:\n    protocols:\n      http:\n        metrics_url_path: \${env:A}\n${rest}`,
    env: { A: 'x${env:A}' },
    problems: [
      'c.yaml:5:27 receivers.otlp.protocols.http.metrics_url_path: got env:A; references do not lead back to themselves. Fix: break the cycle.',
    ],
  },
  {
    what: 'a variable that doubles',
    yaml: `receivers:\n  otlp:\n    protocols:\n      http:\n        metrics_url_path: \${env:A}\n${rest}`,
    env: { A: '${env:A}${env:A}xxxx' },
    problems: [
      'c.yaml:5:27 receivers.otlp.protocols.http.metrics_url_path: got too long a value; a value with references has at most 65536 characters. Fix: refer to less.',
    ],
  },
  {
    what: 'a file that is not there',
    yaml: `receivers: \${file:FOLDER/none.yaml}\n${rest}`,
    problems: [
      'c.yaml:1:12 receivers: got "none.yaml", a file that cannot be read (ENOENT); it is a file that this user can read. Fix: correct the path, or let this user read the file.',
    ],
  },
  {
    what: 'a reference that is none',
    yaml: `receivers:\n  otlp:\n    protocols:\n      http:\n        metrics_url_path: /\${env:1X}\${http://x/}\${foo:bar}\n${rest}`,
    problems: [
      'c.yaml:5:27 receivers.otlp.protocols.http.metrics_url_path: got "1X"; the name of a variable has letters, digits and _, and begins with no digit. Fix: write ${env:NAME}, or $${ where no reference is meant.',
    ],
  },
];

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references are what these lines are about
/** Lines below `receivers.otlp.protocols.http`, for both programs. */
export type Line = readonly [key: string, value: string];

/** The environment in which they are read; UNSET is not in it. */
export const variables: Readonly<Record<string, string>> = {
  TEN: '10',
  UNDERSCORE: '1_0',
  YES: 'yes',
  TRUE: 'true',
  NAME: 'TEN',
  NULL: 'null',
  NO_YAML: '*x',
  DATE: '2026-11-22',
  LOOP: '${env:LOOP}',
  REFERS: '/${env:TEN}/$$',
};

const number = [
  ...[
    '10',
    '"10"',
    '1_000',
    '0777',
    '0o777',
    '0x10',
    '0b11',
    '+5',
    '0899',
    '1e3',
    '1.5',
    '.5',
    'ten',
    'true',
    '',
    '~',
    '[1]',
    '{a: 1}',
  ],
  ...[
    '${env:TEN}',
    '"${env:TEN}"',
    '${TEN}',
    '${env:TEN}0',
    '${env:UNDERSCORE}',
    '${env:UNSET:-7}',
    '${env:UNSET:-}',
    '${UNSET:-7}',
    '${yaml:8}',
  ],
  ...['${env:${env:NAME}}', '!!int "7"', '!!str 7', '2026-11-22'],
];
const flag = [
  'yes',
  '"true"',
  'True',
  'TRUE',
  'true',
  'on',
  '1',
  '',
  '""',
  '!!bool "true"',
  '${env:YES}',
  '${env:TRUE}',
  'null',
  '${env:UNSET}',
];
const string = [
  ...[
    '/5',
    '5',
    'true',
    '1.5',
    '/yes',
    '"/5"',
    '!!str /5',
    '2026-11-22',
    '.nan',
    '[a]',
    '{a: b}',
    '/a$$b',
    '/$a',
    '/$$${env:TEN}',
    '/$${env:TEN}',
  ],
  ...[
    '/${env:TEN}',
    '/${env:UNDERSCORE}',
    '${env:REFERS}',
    '/$${env:TEN}${env:TEN}',
    '/${env:NO_YAML}',
    '/${env:NULL}',
    '${env:NULL}',
    '${env:DATE}',
    '/${yaml:"x"}',
    '/${env:${env:NAME}}',
  ],
  ...['${env:1X}', '${foo:bar}', '${env:LOOP}', '${}', '${env:}', '${http://127.0.0.1:1/}', '${file:/nonexistent}'],
];
const duration = [
  ...[
    '5',
    '0',
    '"0"',
    '"5"',
    '5s',
    '"5s"',
    '+5s',
    '1h1m1.5s',
    '250ms',
    '1.5',
    '1e3',
    '5 s',
    '1d',
    '""',
    'true',
    '1_0s',
    '1.5.5s',
    '',
    '[5s]',
  ],
  ...['${env:TEN}', '${env:TEN}s', '${env:UNSET}', '${env:UNSET:-3s}'],
];

export const lines: readonly Line[] = [
  ...number.map((value) => ['max_request_body_size', value] as const),
  ...flag.map((value) => ['keep_alives_enabled', value] as const),
  ...string.map((value) => ['metrics_url_path', value] as const),
  ...duration.map((value) => ['read_timeout', value] as const),
  ['<<', '{keep_alives_enabled: false}'],
  ['<<', '{keep_alives_enabled: 0}'],
  ['<<', '5'],
  ['unknown_key', '1'],
  ['Keep_alives_enabled', 'true'],
];

/** The Collector finds these out when it starts, or never. */
export const stricter: readonly Line[] = [
  // A null is an empty string, which the Collector makes /.
  ['metrics_url_path', 'null'],
  ['max_request_body_size', '-1'],
  ['max_request_body_size', '99999999999999999999'],
  ['read_timeout', '-5s'],
];

/**
 * Every error that Meterbridge throws, by its stable code. A message gives the place, the value, the rule and the fix.
 * `docs/errors.md` has one section per code; a test compares the two.
 */
export const catalogue = {
  CONTRACT_INVALID: 'A contract breaks rules; the message lists all of them.',
  CONTRACT_CONFLICT: 'The same contract was registered before with other contents or options.',
  CONTRACT_FILE: 'A contract file cannot be read.',
  METRIC_UNKNOWN: 'A metric or label name is not in the contract.',
  MEASUREMENT_REFUSED:
    'With `strict`, a measurement was rejected, aggregated into another series, or had a label shortened or dropped.',
  OBSERVE_MISUSE: 'A callback was attached to a metric that cannot take it.',
  OPTION_INVALID: 'An option has a value outside its rule.',
  LISTEN_ADDRESS_INVALID: 'A listen address cannot be read.',
  LISTEN_NOT_LOOPBACK: 'A listen address reaches beyond loopback, and no option makes it public.',
  LISTEN_FAILED: 'The listener could not be opened, usually because the port is in use.',
  ACCESS_CONFIG_INVALID: 'An access rule, a secret or a list of proxies breaks rules; the message lists all of them.',
  WEB_CONFIG_INVALID: 'A web configuration file breaks rules; the message lists all of them.',
  COLLECTOR_CONFIG_INVALID: 'A configuration of the Collector-compatible service breaks rules; the message lists all of them.',
  PUSH_CONFIG_INVALID: 'Push options are wrong.',
  HOST_CONFIG_INVALID: "A host's configuration breaks rules; the message lists all of them.",
  DEPENDENCY_MISSING: 'An optional dependency that this needs is not installed.',
  NODE_TOO_OLD: 'This version of Node.js is older than what Meterbridge supports.',
  CHECK_SOURCE: 'An endpoint or a file that a command is to read cannot be read.',
  CLI_USAGE: 'A command was called with arguments that it does not support.',
} as const;

export type ErrorCode = keyof typeof catalogue;

/**
 * `meterbridge/yaml`: configuration files of host programs, which come from outside, in linear time. An entry of its own, since
 * it loads a parser.
 */
import './node/supported.ts';

export { type ParsedYaml, parseYaml } from './config/parse-yaml.ts';

/**
 * `meterbridge/yaml`: configuration files of host programs, which come from outside, in linear time. An entry of its own, since
 * it loads a parser.
 */
import './core/node/supported.ts';

export { type ParsedYaml, parseYaml } from './core/config/parse-yaml.ts';

/** Settings as declared data. */
export { type Address, address, addressFix, addressRule, addressText } from './address.ts';
export { list, map, optional, raw } from './collections.ts';
export { componentId, parseComponentId, type Reference } from './component-id.ts';
export { duration } from './duration.ts';
export { plainDouble, wholeDouble } from './plain-double.ts';
export { flag, number, oneOf, secret, text, wholeNumber } from './scalars.ts';
export { type Findings, type Infer, noLonger, notSupported, type Plain, type Schema, withoutEffect, wrong } from './schema.ts';
export { secretPairs } from './secret-pairs.ts';
export { type Checker, checkerOf, section } from './section.ts';
export { redactedUrl, url } from './url.ts';

import { MeterbridgeError } from '../../core/errors/error.ts';
import { shown } from '../../core/errors/shown.ts';

/** @throws OPTION_INVALID for what is no bridge, of this copy of the package or of another */
export function checkBridge(given: unknown, at: string): void {
  if (typeof given === 'object' && given !== null && 'register' in given && 'meterProvider' in given) return;
  const isContract = typeof given === 'object' && given !== null && 'metrics' in given && 'defaultFormat' in given;
  const fix = isContract ? 'pass what meterbridge(contract) returns' : 'pass what meterbridge() returns';
  throw new MeterbridgeError('OPTION_INVALID', [
    { at, got: isContract ? 'a contract' : shown(given, 60), rule: 'it is a bridge', fix },
  ]);
}

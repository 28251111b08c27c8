/** Meterbridge over the OpenTelemetry SDK's own instruments. */
import { sdkEngine } from '../../src/sdk.ts';
import { bridgeContender } from './bridge-contender.ts';

export const contender = bridgeContender({ engine: sdkEngine() });

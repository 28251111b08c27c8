/** Meterbridge as it comes. */
import { bridgeContender } from './bridge-contender.ts';

export const contender = bridgeContender({});

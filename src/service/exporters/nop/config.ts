import { section } from '../../../core/config/schema/index.ts';

/** The exporter `nop` has no keys. */
export const nopSchema = section({});

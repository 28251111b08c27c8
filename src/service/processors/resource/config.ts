/** The keys of the processor `resource`. */
import { type Infer, section } from '../../../core/config/schema/index.ts';
import { actions } from '../actions/config.ts';

export const resourceSchema = section({ attributes: actions }, ({ attributes }, on) => {
  if (attributes.length === 0)
    on.refuse('attributes', 'an empty list', 'there is one action at least', 'add one, or leave the processor out');
});

export type ResourceSettings = Infer<typeof resourceSchema>;

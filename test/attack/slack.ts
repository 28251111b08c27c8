/**
 * How many times as long things may take as on a machine of their own: more than 1 in the brief form, whose machine may have
 * other work. Figures are reported as they are.
 */
export const slack = Number(process.env.METERBRIDGE_SLACK ?? 1);

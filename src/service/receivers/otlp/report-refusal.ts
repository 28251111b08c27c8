import type { Code } from '../../../formats/otlp/export-answers.ts';

/** Called for each request that was rejected. `kind`: what it is counted as, where the code does not say it. */
export type ReportRefusal = (code: Code, message: string, kind?: string) => void;

export { type ReportFormat, type ReportOptions, reportFormats } from './options.ts';
export { writeReport } from './report.ts';

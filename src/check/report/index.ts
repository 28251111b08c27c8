export { type ReportFormat, type ReportOptions, reportFormats, writeReport } from './report.ts';

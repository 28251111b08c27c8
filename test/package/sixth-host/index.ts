export { default, mailqueue } from './contract.ts';
export { type MailqueueMetrics, type MailqueueMounting, mountMailqueueMetrics, resolveMailqueueMetrics } from './endpoint.ts';
export { type MailqueueProbes, type MailqueueRecorder, mailqueueRecorder } from './recorder.ts';

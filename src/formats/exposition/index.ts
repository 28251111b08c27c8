export type { ExpositionFormat, TextFormat } from './format.ts';
export type { Negotiated } from './negotiate.ts';
export type { FindingId, FindingRule } from './parse/findings.ts';
export { parseExposition } from './parse/parse.ts';
export type {
  NativeBuckets,
  NativeHistogram,
  ParsedExemplar,
  ParsedFamily,
  ParsedSample,
  ParseProblem,
  ParseResult,
} from './parse/parsed.ts';
export {
  createExpositionReader,
  type ExpositionReader,
  type FamilyInfo,
  type Finding,
  type ReaderOptions,
  type ReadSummary,
} from './parse/reader.ts';
export { createRenderMemory, type RenderMemory } from './write/render-memory.ts';
export { createRenderer, type Renderer, type RendererOptions, type RenderOptions } from './write/renderer.ts';
export type { Omitted, Rendering, TooLarge } from './write/rendering.ts';

export type { TextFormat } from './format.ts';
export type { Negotiated } from './negotiate.ts';
export { parseExposition } from './parse.ts';
export type { ParsedExemplar, ParsedFamily, ParsedSample, ParseProblem, ParseResult } from './parsed.ts';
export { createRenderer, type Renderer, type RendererOptions, type RenderOptions } from './renderer.ts';
export type { Rendering, TooLarge } from './rendering.ts';

/** As much of WebAssembly's JavaScript interface as the examples need: TypeScript describes it for browsers only. */
declare const WebAssembly: {
  compile(bytes: Uint8Array): Promise<WebAssemblyModule>;
  instantiate(
    module: WebAssemblyModule,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ): Promise<{ readonly exports: Readonly<Record<string, unknown>> }>;
};

interface WebAssemblyModule {
  readonly webAssemblyModule: never;
}

interface WebAssemblyMemory {
  readonly buffer: ArrayBuffer;
}

/** For a program that gets no other variables of this process: what it imports is compiled once for all tests. */
const { NODE_COMPILE_CACHE } = process.env;

export const compileCache: NodeJS.ProcessEnv = NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE };

/** All that needs the packed package, in one process: it is built, packed and installed once. */
import './as-installed.ts';
import './demo.ts';
import './fastify-lines.ts';
import './frameworks.ts';
import './image.ts';
import './next.ts';
import './node-matrix.ts';
import './plugin.ts';
import './readme.ts';
import './register.ts';
import './sdk-matrix.ts';
import './toolchains.ts';

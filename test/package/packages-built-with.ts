/** All that builds with the packed package: bundlers, compilers, frameworks, the image. */
import './frameworks.ts';
import './image.ts';
import './next.ts';
import './toolchains.ts';

/** All that needs the packed package, in one process: it is built, packed and installed once. */
import './as-installed.ts';
import './demo.ts';
import './readme.ts';
import './producer-matrix.ts';

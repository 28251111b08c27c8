/** All that needs the packed package installed: with versions of Node.js and beside other packages. */
import './as-installed.ts';
import './demo.ts';
import './fastify-lines.ts';
import './host.ts';
import './node-matrix.ts';
import './plugin.ts';
import './readme.ts';
import './register.ts';
import './sdk-matrix.ts';

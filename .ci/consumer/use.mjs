// node use.mjs NAME: uses a package as an ES module does.
import uses from './uses.cjs';

await uses[process.argv[2]]((name) => import(name));

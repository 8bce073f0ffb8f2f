export { FileModule } from './file.module.js';
export { namedAndReal, realPath } from './place/real-path.js';
export { assertOrdinary, statOf } from './place/regular-file.js';
export { LineSplitter } from './ripgrep/line-splitter.js';
export { RipgrepModule } from './ripgrep/ripgrep.module.js';
export { RipgrepRunner, WITHOUT_GIT } from './ripgrep/ripgrep.runner.js';

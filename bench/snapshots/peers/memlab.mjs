// SPDX-License-Identifier: MIT
// npm memlab: its heap analysis loads the file, then finds dominators and retained sizes.
import { createRequire } from 'node:module';
import path from 'node:path';

const [folder, file] = process.argv.slice(2);
const require = createRequire(path.join(folder, 'x.js'));
const { getFullHeapFromFile } = require('@memlab/heap-analysis');
const print = console.log.bind(console);
const heap = await getFullHeapFromFile(file);
let nodes = 0;
heap.nodes.forEach(() => { ++nodes; });
print(`\nnodes ${nodes}`);
process.exit(0);

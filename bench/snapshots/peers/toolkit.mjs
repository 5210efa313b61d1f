// SPDX-License-Identifier: MIT
// npm heap-snapshot-toolkit: DevTools' code, packed for Node.
import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder, file] = process.argv.slice(2);
const require = createRequire(path.join(folder, 'x.js'));
const { parse } = await import(pathToFileURL(require.resolve('heap-snapshot-toolkit')));
const snapshot = await parse(createReadStream(file, 'utf-8'));
console.log(`nodes ${snapshot.nodeCount}`);
console.log(`bytes ${snapshot.getStatistics().total}`);
process.exit(0);

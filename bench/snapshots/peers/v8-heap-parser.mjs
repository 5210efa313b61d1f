// SPDX-License-Identifier: MIT
// npm @vscode/v8-heap-parser: Rust, compiled to WebAssembly.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const [folder, file] = process.argv.slice(2);
const require = createRequire(path.join(folder, 'x.js'));
const { decode_bytes } = require('@vscode/v8-heap-parser');
const graph = decode_bytes(readFileSync(file));
// Retained sizes are found when they are asked for.
graph.get_class_groups(0, 1, false);
process.exit(0);

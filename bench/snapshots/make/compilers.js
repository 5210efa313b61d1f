// SPDX-License-Identifier: MIT
// A heap like that of a big tool: TypeScript programs, parsed and checked, kept alive. About 5 edges
// an object, names from real code, deep and wide trees.
//
//   node --max-old-space-size=16000 compilers.js PROGRAMS OUT.heapsnapshot [FOLDER]
//
// FOLDER (of .ts files) is what is compiled; else TypeScript's own library declarations.
'use strict';
const fs = require('fs');
const path = require('path');
const v8 = require('v8');
const ts = require('typescript');

const [programs, out, folder] = process.argv.slice(2);
const libraries = folder || path.join(path.dirname(require.resolve('typescript')), '.');
const files = fs.readdirSync(libraries)
    .filter((name) => name.endsWith('.d.ts') && !name.startsWith('typescript') && !name.startsWith('tsserver'))
    .map((name) => path.join(libraries, name));

globalThis.kept = [];
for (let i = 0; i < Number(programs); i++) {
  const program = ts.createProgram(files, {noLib: true, skipLibCheck: false, target: ts.ScriptTarget.ESNext});
  const checker = program.getTypeChecker();
  for (const source of program.getSourceFiles()) {
    ts.forEachChild(source, (node) => { checker.getTypeAtLocation(node); });
  }
  globalThis.kept.push({program, checker});
}
console.log(v8.writeHeapSnapshot(out), fs.statSync(out).size);

// SPDX-License-Identifier: MIT
// A big service with a small leak: it keeps TypeScript programs (what it legitimately needs), serves
// rounds of requests, and never removes what it notes of each request. Writes a snapshot after each
// of three rounds: OUT.1.heapsnapshot … OUT.3.heapsnapshot.
//
//   node --max-old-space-size=16000 service.js PROGRAMS REQUESTS OUT
'use strict';
const fs = require('fs');
const path = require('path');
const v8 = require('v8');
const ts = require('typescript');

const [programs, requests, out] = process.argv.slice(2);
const folder = path.dirname(require.resolve('typescript'));
const files = fs.readdirSync(folder)
    .filter((name) => name.startsWith('lib.') && name.endsWith('.d.ts'))
    .map((name) => path.join(folder, name));

class LanguageService {
  constructor(id) {
    this.id = id;
    this.program = ts.createProgram(files, {noLib: true, target: ts.ScriptTarget.ESNext});
    this.checker = this.program.getTypeChecker();
    for (const source of this.program.getSourceFiles()) {
      ts.forEachChild(source, (node) => { this.checker.getTypeAtLocation(node); });
    }
  }
  answer(request) {
    const sources = this.program.getSourceFiles();
    const source = sources[request.number % sources.length];
    return {file: source.fileName, position: (request.number * 7919) % source.text.length};
  }
}

class RequestLog {
  constructor() { this.recent = []; this.finished = new Map(); }
  begin(request) { this.recent.push(request); }
  end(request, answer) {
    this.recent.shift();
    this.finished.set(request.id, {request, answer, took: process.hrtime()[1]});  // never deleted
  }
}

const services = [];
for (let i = 0; i < Number(programs); i++) services.push(new LanguageService(i));
const log = new RequestLog();
let number = 0;
for (let round = 1; round <= 3; round++) {
  for (let i = 0; i < Number(requests); i++) {
    const request = {id: `request-${number}`, number: number++, headers: {agent: 'editor', length: i}};
    log.begin(request);
    log.end(request, services[request.number % services.length].answer(request));
  }
  const name = v8.writeHeapSnapshot(`${out}.${round}.heapsnapshot`);
  console.log(name, fs.statSync(name).size);
}

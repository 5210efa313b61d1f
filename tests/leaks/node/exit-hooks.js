// culprit: cleanups\b
// kind: listener|closure|forgotten cache/collection
//
// What must be cleaned up when the process ends is registered as a function. Workspaces that were
// removed long before are still registered.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(50);

const lifecycle = (() => {
  const cleanups = [];
  let closing = false;
  return {
    onExit(cleanup) {
      if (!closing) cleanups.push(cleanup);
    },
    async close() {
      closing = true;
      for (const cleanup of cleanups.reverse()) await cleanup();
      return cleanups.length;
    },
  };
})();

class Workspace {
  constructor(name) {
    this.name = name;
    this.files = new Map();
    this.removed = false;
  }

  write(path, text) {
    this.files.set(path, { text, mode: 0o644, lines: text.split(' ').length });
  }

  remove() {
    this.removed = true;
    return this.files.size;
  }
}

function createWorkspace(name) {
  const workspace = new Workspace(name);
  lifecycle.onExit(() => (workspace.removed ? 0 : workspace.remove()));
  return workspace;
}

const statistics = { builds: 0, files: 0, largest: 0 };

function build() {
  const workspace = createWorkspace(`build-${traffic.hex(6)}`);
  const count = 6 + traffic.int(6);
  for (let i = 0; i < count; i++) workspace.write(`src/${traffic.word()}${i}.js`, traffic.text(30));
  statistics.builds++;
  statistics.files += workspace.remove();
  statistics.largest = Math.max(statistics.largest, count);
}

rounds(30, () => {
  for (let i = 0; i < 12; i++) build();
})
  .then(() => lifecycle.close())
  .then((count) => console.log(`${count} cleanups for ${statistics.builds} builds`));

// culprit: (children|cache|Module|module)
// needs: node (require of files made at run time)
//
// Plugins are written to a new file and required again whenever they change.
'use strict';

const rounds = require('../rounds');
const traffic = require('../traffic')(214);
const fs = require('fs');
const os = require('os');
const path = require('path');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'plugins-'));
let current = null;
let version = 0;

function reload() {
  const file = path.join(folder, `plugin-${++version}.js`);
  fs.writeFileSync(file, `
    const table = ${JSON.stringify(traffic.text(60).split(' '))};
    module.exports = { version: ${version}, render: (i) => table[i % table.length] };`);
  current = require(file);
  fs.unlinkSync(file);
  // Thought to be enough: the parent's list of children has it still.
  delete require.cache[file];
}

rounds(21, () => {
  for (let i = 0; i < 15; i++) { reload(); current.render(i); }
}).then(() => fs.rmdirSync(folder));

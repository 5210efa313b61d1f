// SPDX-License-Identifier: MIT
'use strict';
// os, the plain facts.

const binding = require('internal:binding');
const facts = () => binding.system_information();

module.exports = {
  EOL: '\n',
  devNull: '/dev/null',
  arch: () => process.arch,
  platform: () => process.platform,
  type: () => facts().type,
  release: () => facts().release,
  version: () => facts().version,
  machine: () => facts().machine,
  hostname: () => facts().hostname,
  totalmem: () => facts().totalmem,
  freemem: () => facts().freemem,
  uptime: () => facts().uptime,
  loadavg: () => { const f = facts(); return [f.load1, f.load5, f.load15]; },
  availableParallelism: () => facts().cpus,
  cpus: () => Array.from({ length: facts().cpus }, () => ({
    model: '', speed: 0, times: { user: 0, nice: 0, sys: 0, idle: 0, irq: 0 } })),
  endianness: () => 'LE',
  homedir: () => process.env.HOME || '/',
  tmpdir: () => (process.env.TMPDIR || '/tmp').replace(/(.)\/$/, '$1'),
};

// SPDX-License-Identifier: MIT
'use strict';
// The EventEmitter half of `process`, loaded when it is first used.

const EventEmitter = require('events');
let warned = false;

function warning_text(warning) {
  const detail = typeof warning.detail === 'string' ? '\n' + warning.detail : '';
  const code = warning.code !== undefined ? '[' + warning.code + '] ' : '';
  return '(node:' + process.pid + ') ' + code + warning.name + ': ' + warning.message + detail + '\n';
}

function emitWarning(warning, type, code) {
  let detail;
  if (type !== null && typeof type === 'object') {
    code = type.code;
    detail = type.detail;
    type = type.type;
  }
  if (typeof warning === 'string') {
    warning = new Error(warning);
    warning.name = String(type || 'Warning');
    if (code !== undefined) warning.code = code;
    if (detail !== undefined) warning.detail = detail;
  }
  process.nextTick(() => {
    process.stderr.write(warning_text(warning));
    if (!warned) {
      warned = true;
      process.stderr.write('(Use `node --trace-warnings ...` to show where the warning was created)\n');
    }
    process.emit('warning', warning);
  });
}

function setup(process) {
  for (const name of Reflect.ownKeys(EventEmitter.prototype)) {
    if (typeof name === 'string' && name in process && name !== 'constructor') delete process[name];
  }
  delete process.emitWarning;
  const prototype = Object.create(EventEmitter.prototype, {
    constructor: { value: function process() {}, writable: true, configurable: true },
  });
  Object.setPrototypeOf(process, prototype);
  Object.defineProperty(process, 'emitWarning', { value: emitWarning, writable: true, configurable: true });
  for (const [key, value] of [['_events', { __proto__: null }], ['_eventsCount', 0], ['_maxListeners', undefined]]) {
    Object.defineProperty(process, key, { value, writable: true, configurable: true, enumerable: false });
  }
}

module.exports = { setup };

// SPDX-License-Identifier: MIT
'use strict';
// structuredClone.

const binding = require('internal:binding');

function refuse(value) {
  const error = new Error((typeof value === 'symbol' ? String(value) : typeof value === 'function' ? String(value) : '#<' + binding.kind(value) + '>') + ' could not be cloned.');
  error.name = 'DataCloneError';
  error.code = 25;
  throw error;
}

const error_types = { Error, TypeError, RangeError, ReferenceError, SyntaxError, EvalError, URIError };

function copy_properties(from, to, seen) {
  for (const key of Object.keys(from)) to[key] = clone(from[key], seen);
  return to;
}

function clone_error(value, seen) {
  const constructor = error_types[value.name] || Error;
  const error = new constructor(value.message);
  seen.set(value, error);
  Object.defineProperty(error, 'stack', { value: value.stack, writable: true, configurable: true });
  if ('cause' in value) Object.defineProperty(error, 'cause', { value: clone(value.cause, seen), writable: true, configurable: true });
  return error;
}

function clone_object(value, kind, seen) {
  const keep = (copy) => {
    seen.set(value, copy);
    return copy;
  };
  switch (kind) {
    case 'Array': {
      const copy = keep(new Array(value.length));
      return copy_properties(value, copy, seen);
    }
    case 'Object': case 'Arguments': return copy_properties(value, keep({}), seen);
    case 'Map': {
      const copy = keep(new Map());
      for (const [key, item] of [...value]) copy.set(clone(key, seen), clone(item, seen));
      return copy;
    }
    case 'Set': {
      const copy = keep(new Set());
      for (const item of [...value]) copy.add(clone(item, seen));
      return copy;
    }
    case 'Date': return keep(new Date(value.getTime()));
    case 'RegExp': return keep(new RegExp(value.source, value.flags));
    case 'Error': return clone_error(value, seen);
    case 'ArrayBuffer': return keep(value.slice(0));
    case 'TypedArray': {
      const buffer = clone(value.buffer, seen);
      const constructor = globalThis[binding.class_name(value)];
      return keep(new constructor(buffer, value.byteOffset, value.length));
    }
    case 'DataView': return keep(new DataView(clone(value.buffer, seen), value.byteOffset, value.byteLength));
    case 'Number': case 'String': case 'Boolean': return keep(Object(value.valueOf()));
    default: return refuse(value);
  }
}

function clone(value, seen) {
  if (typeof value === 'symbol' || typeof value === 'function') return refuse(value);
  if (typeof value !== 'object' || value === null) return value;
  if (seen.has(value)) return seen.get(value);
  return clone_object(value, binding.kind(value), seen);
}

function structuredClone(value) {
  if (arguments.length === 0) throw new TypeError('The "value" argument must be specified');
  return clone(value, new Map());
}

module.exports = { structuredClone };

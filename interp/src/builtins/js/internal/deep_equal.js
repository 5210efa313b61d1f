// SPDX-License-Identifier: MIT
'use strict';
// Deep equality, as assert.deepEqual (loose) and assert.deepStrictEqual (strict) define it.

const binding = require('internal:binding');
const has_own = (object, key) => Object.prototype.hasOwnProperty.call(object, key);

function same_primitive(a, b, strict) {
  if (strict) return Object.is(a, b);
  return a == b || (a !== a && b !== b);  // eslint-disable-line eqeqeq
}

function enumerable_keys(object) {
  const symbols = Object.getOwnPropertySymbols(object);
  return Object.keys(object).concat(symbols.filter((key) => Object.prototype.propertyIsEnumerable.call(object, key)));
}

function same_keys(a, b, strict, seen) {
  const keys = strict ? enumerable_keys(a) : Object.keys(a);
  const others = strict ? enumerable_keys(b) : Object.keys(b);
  if (keys.length !== others.length) return false;
  for (const key of keys) {
    if (!has_own(b, key) || !equal(a[key], b[key], strict, seen)) return false;
  }
  return true;
}

function same_set(a, b, strict, seen) {
  if (a.size !== b.size) return false;
  const unmatched = [...b].filter((value) => typeof value === 'object' || !a.has(value));
  for (const value of a) {
    if (typeof value !== 'object' && b.has(value)) continue;
    const index = unmatched.findIndex((other) => equal(value, other, strict, seen));
    if (index === -1) return false;
    unmatched.splice(index, 1);
  }
  return unmatched.length === 0;
}

function same_map(a, b, strict, seen) {
  if (a.size !== b.size) return false;
  const unmatched = [];
  for (const [key, value] of b) {
    if (typeof key === 'object' || !a.has(key)) unmatched.push([key, value]);
  }
  for (const [key, value] of a) {
    if (typeof key !== 'object' && b.has(key)) {
      if (!equal(value, b.get(key), strict, seen)) return false;
      continue;
    }
    const index = unmatched.findIndex((other) => equal(key, other[0], strict, seen) && equal(value, other[1], strict, seen));
    if (index === -1) return false;
    unmatched.splice(index, 1);
  }
  return unmatched.length === 0;
}

function same_contents(kind, a, b, strict, seen) {
  switch (kind) {
    case 'Array':
      if (a.length !== b.length) return false;
      break;
    case 'Set': if (!same_set(a, b, strict, seen)) return false; break;
    case 'Map': if (!same_map(a, b, strict, seen)) return false; break;
    case 'Date': if (!Object.is(a.getTime(), b.getTime())) return false; break;
    case 'RegExp': if (String(a) !== String(b) || a.lastIndex !== b.lastIndex) return false; break;
    case 'Error': if (a.message !== b.message || a.name !== b.name) return false; break;
    case 'Number': case 'String': case 'Boolean': case 'Symbol':
      if (!Object.is(a.valueOf(), b.valueOf())) return false;
      break;
    case 'TypedArray':
      if (a.length !== b.length) return false;
      for (let i = 0; i < a.length; i++) {
        if (!same_primitive(a[i], b[i], strict)) return false;
      }
      return true;
    case 'ArrayBuffer':
      return same_contents('TypedArray', new Uint8Array(a), new Uint8Array(b), strict, seen);
    case 'WeakMap': case 'WeakSet': case 'Promise':
      return false;
  }
  return same_keys(a, b, strict, seen);
}

function equal(a, b, strict, seen) {
  if (a === b) return a !== 0 || !strict || Object.is(a, b);
  const a_object = typeof a === 'object' && a !== null;
  const b_object = typeof b === 'object' && b !== null;
  if (!a_object || !b_object) {
    if (a_object || b_object || typeof a === 'function' || typeof b === 'function') return false;
    return same_primitive(a, b, strict);
  }
  if (strict && Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  const kind = binding.kind(a);
  if (kind !== binding.kind(b)) return false;
  // A pair that is being compared already counts as equal: cycles.
  for (const [left, right] of seen) {
    if (left === a && right === b) return true;
  }
  seen.push([a, b]);
  const result = same_contents(kind, a, b, strict, seen);
  seen.pop();
  return result;
}

module.exports = { is_deep_equal: (a, b, strict) => equal(a, b, strict, []) };

// SPDX-License-Identifier: MIT
'use strict';
// printf-like formatting: what console.log and util.format do with their arguments.

const { inspect, format_number } = require('internal:inspect');
const binding = require('internal:binding');
const has_own = (object, key) => Object.prototype.hasOwnProperty.call(object, key);

// False for objects whose class brings its own toString: %s then calls it.
function has_builtin_to_string(value) {
  if (typeof value.toString !== 'function') return true;
  if (has_own(value, 'toString')) return false;
  let object = value;
  do {
    object = Object.getPrototypeOf(object);
  } while (object !== null && !has_own(object, 'toString'));
  if (object === null) return true;
  const descriptor = Object.getOwnPropertyDescriptor(object, 'constructor');
  return descriptor !== undefined && typeof descriptor.value === 'function' &&
    binding.is_builtin(descriptor.value);
}

function as_string(value, options) {
  if (typeof value === 'number') return format_number(value);
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return String(value);
  if (typeof value === 'function') return String(value);
  if (!has_builtin_to_string(value)) return String(value);
  return inspect(value, { ...options, depth: 0, colors: false, compact: 3 });
}

function as_number(value, convert) {
  return format_number(typeof value === 'symbol' ? NaN : convert(value));
}

function as_json(value) {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error.name === 'TypeError' && /circular/.test(error.message)) return '[Circular]';
    throw error;
  }
}

// The text for one directive, or undefined if the letter is none.
function expand(letter, value, options) {
  switch (letter) {
    case 's': return as_string(value, options);
    case 'd': return as_number(value, (x) => (typeof x === 'object' && x !== null ? Number(x) : Number(x)));
    case 'i': return as_number(value, (x) => parseInt(x));
    case 'f': return as_number(value, (x) => parseFloat(x));
    case 'j': return String(as_json(value));
    case 'o': return inspect(value, { ...options, showHidden: true, showProxy: true, depth: 4 });
    case 'O': return inspect(value, options);
    case 'c': return '';
    default: return undefined;
  }
}

function format_with_options(options, args) {
  let next = 0;
  let text = '';
  let separator = '';
  if (typeof args[0] === 'string') {
    const pattern = args[0];
    if (args.length === 1) return pattern;
    let done = 0;
    for (let i = pattern.indexOf('%'); i !== -1 && i < pattern.length - 1; i = pattern.indexOf('%', i)) {
      const letter = pattern[i + 1];
      if (letter === '%') {
        text += pattern.slice(done, i + 1);
        done = i + 2;
      } else if (next + 1 < args.length) {
        const expanded = expand(letter, args[next + 1], options);
        if (expanded === undefined) {
          i += 1;
          continue;
        }
        next++;
        text += pattern.slice(done, i) + expanded;
        done = i + 2;
      }
      i += 2;
    }
    if (done === 0) text = pattern;
    else text += pattern.slice(done);
    next++;
    separator = ' ';
  }
  for (; next < args.length; next++) {
    const value = args[next];
    text += separator;
    text += typeof value === 'string' ? value : inspect(value, { ...options, compact: 3, depth: 2 });
    separator = ' ';
  }
  return text;
}

function format(...args) {
  return format_with_options(undefined, args);
}

module.exports = { format, format_with_options };

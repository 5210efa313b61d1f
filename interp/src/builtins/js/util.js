// SPDX-License-Identifier: MIT
'use strict';

const binding = require('internal:binding');
const { inspect } = require('internal:inspect');
const { format, format_with_options } = require('internal:format');
const { is_deep_equal } = require('internal:deep_equal');

const kCustomPromisify = Symbol.for('nodejs.util.promisify.custom');

function type_error(name, expected, actual) {
  const error = new TypeError('The "' + name + '" argument must be ' + expected + '. Received ' + inspect(actual));
  error.code = 'ERR_INVALID_ARG_TYPE';
  return error;
}

function promisify(original) {
  if (typeof original !== 'function') throw type_error('original', 'of type function', original);
  if (original[kCustomPromisify]) return original[kCustomPromisify];
  function promisified(...args) {
    return new Promise((resolve, reject) => {
      Reflect.apply(original, this, [...args, (error, value) => (error ? reject(error) : resolve(value))]);
    });
  }
  Object.setPrototypeOf(promisified, Object.getPrototypeOf(original));
  return Object.defineProperties(promisified, Object.getOwnPropertyDescriptors(original));
}
promisify.custom = kCustomPromisify;
Object.defineProperty(setTimeout, kCustomPromisify, {
  value: (delay, value) => new Promise((resolve) => setTimeout(resolve, delay, value)),
});
Object.defineProperty(setImmediate, kCustomPromisify, {
  value: (value) => new Promise((resolve) => setImmediate(resolve, value)),
});

function callbackify(original) {
  if (typeof original !== 'function') throw type_error('original', 'of type function', original);
  return function(...args) {
    const callback = args.pop();
    Reflect.apply(original, this, args).then(
      (value) => process.nextTick(callback, null, value),
      (error) => process.nextTick(callback, error));
  };
}

function inherits(constructor, parent) {
  if (typeof constructor !== 'function') throw type_error('ctor', 'of type function', constructor);
  if (typeof parent !== 'function') throw type_error('superCtor', 'of type function', parent);
  Object.defineProperty(constructor, 'super_', { value: parent, writable: true, configurable: true });
  Object.setPrototypeOf(constructor.prototype, parent.prototype);
}

function deprecate(callable, message, code) {
  let warned = false;
  return function(...args) {
    if (!warned) {
      warned = true;
      process.emitWarning(message, 'DeprecationWarning', code);
    }
    return new.target ? Reflect.construct(callable, args, new.target) : Reflect.apply(callable, this, args);
  };
}

const is_object = (value) => value !== null && (typeof value === 'object' || typeof value === 'function');
const kind_is = (...kinds) => (value) => is_object(value) && kinds.includes(binding.kind(value));
const typed = (name) => (value) => is_object(value) && binding.kind(value) === 'TypedArray' && binding.class_name(value) === name;

const types = {
  isMap: kind_is('Map'), isSet: kind_is('Set'), isWeakMap: kind_is('WeakMap'), isWeakSet: kind_is('WeakSet'),
  isPromise: kind_is('Promise'), isRegExp: kind_is('RegExp'), isDate: kind_is('Date'),
  isNativeError: kind_is('Error'), isTypedArray: kind_is('TypedArray'), isDataView: kind_is('DataView'),
  isArrayBuffer: kind_is('ArrayBuffer'), isAnyArrayBuffer: kind_is('ArrayBuffer'),
  isArrayBufferView: kind_is('TypedArray', 'DataView'),
  isMapIterator: kind_is('Map Iterator'), isSetIterator: kind_is('Set Iterator'),
  isArgumentsObject: kind_is('Arguments'), isNumberObject: kind_is('Number'),
  isStringObject: kind_is('String'), isBooleanObject: kind_is('Boolean'), isSymbolObject: kind_is('Symbol'),
  isBoxedPrimitive: kind_is('Number', 'String', 'Boolean', 'Symbol'),
  isAsyncFunction: kind_is('AsyncFunction', 'AsyncGeneratorFunction'),
  isGeneratorFunction: kind_is('GeneratorFunction', 'AsyncGeneratorFunction'),
  isGeneratorObject: (value) => is_object(value) && Object.prototype.toString.call(value) === '[object Generator]',
  isProxy: () => false, isBigIntObject: () => false, isSharedArrayBuffer: () => false,
  isUint8Array: typed('Uint8Array'), isUint8ClampedArray: typed('Uint8ClampedArray'),
  isUint16Array: typed('Uint16Array'), isUint32Array: typed('Uint32Array'), isInt8Array: typed('Int8Array'),
  isInt16Array: typed('Int16Array'), isInt32Array: typed('Int32Array'), isFloat32Array: typed('Float32Array'),
  isFloat64Array: typed('Float64Array'),
};

module.exports = {
  inspect, format, promisify, callbackify, inherits, deprecate, types,
  formatWithOptions: (options, ...args) => format_with_options(options, args),
  isDeepStrictEqual: (a, b) => is_deep_equal(a, b, true),
  isArray: Array.isArray,
  stripVTControlCharacters: (text) => text.replace(/\u001b\[[0-9;]*[A-Za-z]/g, ''),
  toUSVString: (text) => String(text).toWellFormed(),
};

// SPDX-License-Identifier: MIT
'use strict';
// assert. The comparisons are Node's; messages of failed comparisons are shorter (no diff).

const { inspect } = require('internal:inspect');
const { is_deep_equal } = require('internal:deep_equal');

class AssertionError extends Error {
  constructor(options) {
    super(String(options.message));
    this.generatedMessage = options.generated === true;
    this.code = 'ERR_ASSERTION';
    this.actual = options.actual;
    this.expected = options.expected;
    this.operator = options.operator;
    if (options.below) Error.captureStackTrace(this, options.below);
    Object.defineProperty(this, 'name', { value: 'AssertionError', writable: true, configurable: true });
    this.stack = this.stack.replace(/^\w*Error/, 'AssertionError [ERR_ASSERTION]');
  }
  toString() {
    return this.name + ' [' + this.code + ']: ' + this.message;
  }
}

const shown = (value) => inspect(value, { compact: false, sorted: true, depth: 1000, maxArrayLength: Infinity });

function fail_with(message, generated, actual, expected, operator, below) {
  if (message instanceof Error) throw message;
  throw new AssertionError({ message: message === undefined ? generated : message,
    generated: message === undefined, actual, expected, operator, below });
}

function two_values(title, actual, expected) {
  return title + '\n\n' + shown(actual) + '\n\nshould equal\n\n' + shown(expected) + '\n';
}

function ok(value, message) {
  if (value) return;
  fail_with(message, arguments.length === 0 ? 'No value argument passed to `assert.ok()`' :
    'The expression evaluated to a falsy value: ' + inspect(value), value, true, '==', ok);
}

function assert(value, message) {
  if (value) return;
  fail_with(message, arguments.length === 0 ? 'No value argument passed to `assert.ok()`' :
    'The expression evaluated to a falsy value: ' + inspect(value), value, true, '==', assert);
}

function equal(actual, expected, message) {
  if (actual == expected || (actual !== actual && expected !== expected)) return;  // eslint-disable-line eqeqeq
  fail_with(message, inspect(actual) + ' == ' + inspect(expected), actual, expected, '==', equal);
}
function notEqual(actual, expected, message) {
  if (actual != expected && (actual === actual || expected === expected)) return;  // eslint-disable-line eqeqeq
  fail_with(message, inspect(actual) + ' != ' + inspect(expected), actual, expected, '!=', notEqual);
}

function strictEqual(actual, expected, message) {
  if (Object.is(actual, expected)) return;
  const short = (value) => (typeof value !== 'object' || value === null) && typeof value !== 'function';
  const generated = short(actual) && short(expected) ?
    'Expected values to be strictly equal:\n\n' + inspect(actual) + ' !== ' + inspect(expected) + '\n' :
    two_values('Expected values to be strictly equal:', actual, expected);
  fail_with(message, generated, actual, expected, 'strictEqual', strictEqual);
}
function notStrictEqual(actual, expected, message) {
  if (!Object.is(actual, expected)) return;
  fail_with(message, 'Expected "actual" to be strictly unequal to: ' + inspect(expected), actual, expected, 'notStrictEqual', notStrictEqual);
}

function deepEqual(actual, expected, message) {
  if (is_deep_equal(actual, expected, false)) return;
  fail_with(message, two_values('Expected values to be loosely deep-equal:', actual, expected), actual, expected, 'deepEqual', deepEqual);
}
function deepStrictEqual(actual, expected, message) {
  if (is_deep_equal(actual, expected, true)) return;
  fail_with(message, two_values('Expected values to be strictly deep-equal:', actual, expected), actual, expected, 'deepStrictEqual', deepStrictEqual);
}
function notDeepEqual(actual, expected, message) {
  if (!is_deep_equal(actual, expected, false)) return;
  fail_with(message, 'Expected "actual" not to be loosely deep-equal to: ' + shown(expected), actual, expected, 'notDeepEqual', notDeepEqual);
}
function notDeepStrictEqual(actual, expected, message) {
  if (!is_deep_equal(actual, expected, true)) return;
  fail_with(message, 'Expected "actual" not to be strictly deep-equal to: ' + shown(expected), actual, expected, 'notDeepStrictEqual', notDeepStrictEqual);
}

function fail(message = 'Failed') {
  fail_with(message, undefined, undefined, undefined, 'fail', fail);
}

// Does a thrown value answer to what throws() or rejects() was given?
function check_error(error, expected, message, below) {
  if (expected === undefined) return;
  if (typeof expected === 'function') {
    if (expected.prototype !== undefined && error instanceof expected) return;
    if (Error.isPrototypeOf(expected)) throw error;
    if (expected.call({}, error) === true) return;
    fail_with(message, 'The ' + (expected.name ? '"' + expected.name + '" ' : '') +
      'validation function is expected to return "true". Received ' + inspect(false) + '\n\nCaught error:\n\n' + error, error, expected, 'throws', below);
  }
  if (expected instanceof RegExp) {
    if (expected.test(String(error))) return;
    fail_with(message, 'The input did not match the regular expression ' + inspect(expected) + '. Input:\n\n' + inspect(String(error)) + '\n', error, expected, 'throws', below);
  }
  const keys = Object.keys(expected);
  if (expected instanceof Error) keys.push('name', 'message');
  for (const key of keys) {
    const matches = typeof error[key] === 'string' && expected[key] instanceof RegExp ?
      expected[key].test(error[key]) : key in error && is_deep_equal(error[key], expected[key], true);
    if (!matches) fail_with(message, two_values('Expected values to be strictly deep-equal:', error[key], expected[key]), error, expected, 'throws', below);
  }
}

function throws(block, expected, message) {
  if (typeof expected === 'string') [message, expected] = [expected, undefined];
  let error;
  let threw = false;
  try {
    block();
  } catch (caught) {
    threw = true;
    error = caught;
  }
  if (!threw) fail_with(undefined, 'Missing expected exception' + (message ? ': ' + message : '.'), undefined, expected, 'throws', throws);
  check_error(error, expected, message, throws);
}

function doesNotThrow(block, expected, message) {
  try {
    block();
  } catch (error) {
    const text = typeof expected === 'string' ? expected : message;
    fail_with(undefined, 'Got unwanted exception' + (text ? ': ' + text : '.') + '\nActual message: "' + (error && error.message) + '"', error, expected, 'doesNotThrow', doesNotThrow);
  }
}

async function rejects(promise_or_function, expected, message) {
  if (typeof expected === 'string') [message, expected] = [expected, undefined];
  let error;
  let rejected = false;
  try {
    await (typeof promise_or_function === 'function' ? promise_or_function() : promise_or_function);
  } catch (caught) {
    rejected = true;
    error = caught;
  }
  if (!rejected) fail_with(undefined, 'Missing expected rejection' + (message ? ': ' + message : '.'), undefined, expected, 'rejects', rejects);
  check_error(error, expected, message, rejects);
}

async function doesNotReject(promise_or_function, expected, message) {
  try {
    await (typeof promise_or_function === 'function' ? promise_or_function() : promise_or_function);
  } catch (error) {
    fail_with(undefined, 'Got unwanted rejection' + (message ? ': ' + message : '.') + '\nActual message: "' + (error && error.message) + '"', error, expected, 'doesNotReject', doesNotReject);
  }
}

function match(text, regexp, message) {
  if (typeof text === 'string' && regexp.test(text)) return;
  fail_with(message, 'The input did not match the regular expression ' + inspect(regexp) + '. Input:\n\n' + inspect(text) + '\n', text, regexp, 'match', match);
}
function doesNotMatch(text, regexp, message) {
  if (typeof text === 'string' && !regexp.test(text)) return;
  fail_with(message, 'The input was expected to not match the regular expression ' + inspect(regexp) + '. Input:\n\n' + inspect(text) + '\n', text, regexp, 'doesNotMatch', doesNotMatch);
}

function ifError(value) {
  if (value === null || value === undefined) return;
  const text = value instanceof Error ? value.message : inspect(value);
  fail_with(undefined, 'ifError got unwanted exception: ' + text, value, null, 'ifError', ifError);
}

module.exports = Object.assign(assert, {
  AssertionError, ok, equal, notEqual, strictEqual, notStrictEqual, deepEqual, deepStrictEqual,
  notDeepEqual, notDeepStrictEqual, fail, throws, doesNotThrow, rejects, doesNotReject, match,
  doesNotMatch, ifError,
});
function strict(value, message) {
  assert(value, message);
}
assert.strict = Object.assign(strict, assert, { equal: strictEqual, notEqual: notStrictEqual,
  deepEqual: deepStrictEqual, notDeepEqual: notDeepStrictEqual });
assert.strict.strict = assert.strict;

// SPDX-License-Identifier: MIT
'use strict';
// How inspect shows an error: its stack, corrected where class, name and stack disagree, with the
// frames shared with the cause cut.

function stack_text(error) {
  return error.stack ? String(error.stack) : Error.prototype.toString.call(error);
}

// Own keys that the stack already shows are not listed again.
function drop_shown_keys(context, keys, error, stack) {
  if (context.showHidden || keys.length === 0) return;
  for (const name of ['name', 'message', 'stack']) {
    const index = keys.indexOf(name);
    if (index !== -1 && (typeof error[name] !== 'string' || stack.includes(error[name]))) {
      keys.splice(index, 1);
    }
  }
}

// `class Oops extends Error {}`: the stack says "Error: …", the reader wants to see "Oops".
function name_class(stack, constructor, name, prefix_of) {
  let length = name.length;
  const regular = name.endsWith('Error') && stack.startsWith(name) &&
    (stack.length === length || stack[length] === ':' || stack[length] === '\n');
  if (constructor !== null && !regular) return stack;
  let fallback = 'Error';
  if (constructor === null) {
    const start = /^([A-Z][a-z_ A-Z0-9[\]()-]+)(?::|\n\s+at)/.exec(stack) ||
      /^([a-z_A-Z0-9-]*Error)$/.exec(stack);
    fallback = (start && start[1]) || '';
    length = fallback.length;
    fallback = fallback || 'Error';
  }
  const prefix = prefix_of(fallback).slice(0, -1);
  if (name === prefix) return stack;
  if (prefix.includes(name)) return length === 0 ? prefix + ': ' + stack : prefix + stack.slice(length);
  return prefix + ' [' + name + ']' + stack.slice(length);
}

// The longest run of frames that also ends the cause's stack.
function common_run(frames, cause_frames) {
  for (let i = 0; i < frames.length - 3; i++) {
    const position = cause_frames.indexOf(frames[i]);
    if (position === -1) continue;
    const rest = cause_frames.length - position;
    if (rest <= 3) continue;
    let length = 1;
    const limit = Math.min(rest, frames.length - i);
    while (length < limit && frames[i + length] === cause_frames[position + length]) length++;
    if (length > 3) return { length, offset: i };
  }
  return { length: 0, offset: 0 };
}

function frame_lines(text, error, is_error) {
  const frames = text.split('\n');
  const cause = error.cause;
  if (cause === null || cause === undefined || !is_error(cause)) return frames;
  const cause_stack = stack_text(cause);
  const start = cause_stack.indexOf('\n    at');
  if (start === -1) return frames;
  const { length, offset } = common_run(frames, cause_stack.slice(start + 1).split('\n'));
  if (length > 3) {
    const skipped = length - 2;
    frames.splice(offset + 1, skipped, '    ... ' + skipped + ' lines matching cause stack trace ...');
  }
  return frames;
}

function format_error(context, error, constructor, keys, prefix_of, is_error) {
  const name = error.name !== null && error.name !== undefined ? String(error.name) : 'Error';
  let stack = stack_text(error);
  drop_shown_keys(context, keys, error, stack);
  if ('cause' in error && !keys.includes('cause')) keys.push('cause');
  if (Array.isArray(error.errors) && !keys.includes('errors')) keys.push('errors');
  stack = name_class(stack, constructor, name, prefix_of);
  let position = (error.message && stack.indexOf(error.message)) || -1;
  if (position !== -1) position += error.message.length;
  const frames_start = stack.indexOf('\n    at', position);
  if (frames_start === -1) {
    stack = '[' + stack + ']';
  } else {
    const lines = frame_lines(stack.slice(frames_start + 1), error, is_error);
    stack = stack.slice(0, frames_start) + '\n' + lines.join('\n');
  }
  if (context.indentationLvl !== 0) {
    stack = stack.replaceAll('\n', '\n' + ' '.repeat(context.indentationLvl));
  }
  return stack;
}

module.exports = { format_error };

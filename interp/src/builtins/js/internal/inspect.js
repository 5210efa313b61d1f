// SPDX-License-Identifier: MIT
'use strict';
// util.inspect: values as text, laid out as Node lays them out. `binding.kind(value)` names what an
// object is underneath, whatever its prototype says.

const binding = require('internal:binding');
const { quote, escape_text, text_width, arrange, more_items, empty_items } = require('internal:inspect_text');
const { format_error } = require('internal:inspect_error');

const custom = Symbol.for('nodejs.util.inspect.custom');
const plain_key = /^[a-zA-Z_][a-zA-Z_0-9]*$/;
const has_own = (object, key) => Object.prototype.hasOwnProperty.call(object, key);
const is_enumerable = (object, key) => Object.prototype.propertyIsEnumerable.call(object, key);

// What kind of entry a property is shown as.
const as_property = 0;
const as_element = 1;

const default_options = {
  showHidden: false, depth: 2, colors: false, customInspect: true, showProxy: false,
  maxArrayLength: 100, maxStringLength: 10000, breakLength: 80, compact: 3, sorted: false,
  getters: false, numericSeparator: false,
};

const colors = {
  bold: [1, 22], cyan: [36, 39], yellow: [33, 39], green: [32, 39], magenta: [35, 39],
  red: [31, 39], grey: [90, 39],
};
const styles = {
  special: 'cyan', number: 'yellow', boolean: 'yellow', undefined: 'grey', null: 'bold',
  string: 'green', symbol: 'green', date: 'magenta', regexp: 'red', bigint: 'yellow',
};

function stylize_plain(text) {
  return text;
}

function stylize_color(text, style) {
  const color = colors[styles[style]];
  return color === undefined ? text : '\u001b[' + color[0] + 'm' + text + '\u001b[' + color[1] + 'm';
}

function make_context(options) {
  const context = {
    budget: {}, indentationLvl: 0, seen: [], currentDepth: 0, circular: undefined,
    stylize: stylize_plain, userOptions: options,
  };
  for (const key of Object.keys(default_options)) context[key] = default_options[key];
  if (options !== undefined && options !== null) {
    for (const key of Object.keys(options)) {
      if (has_own(default_options, key) || key === 'stylize') context[key] = options[key];
    }
  }
  if (context.colors) context.stylize = stylize_color;
  if (context.maxArrayLength === null) context.maxArrayLength = Infinity;
  if (context.maxStringLength === null) context.maxStringLength = Infinity;
  return context;
}

function inspect(value, options) {
  if (typeof options === 'boolean') {
    // The old signature: inspect(value, showHidden, depth, colors).
    const legacy = { showHidden: options };
    if (arguments.length >= 3 && arguments[2] !== undefined) legacy.depth = arguments[2];
    if (arguments.length >= 4 && arguments[3] !== undefined) legacy.colors = arguments[3];
    options = legacy;
  }
  return format_value(make_context(options), value, 0);
}

function format_number(number) {
  return Object.is(number, -0) ? '-0' : String(number);
}

function format_string(context, text) {
  let trailer = '';
  if (text.length > context.maxStringLength) {
    const rest = text.length - context.maxStringLength;
    text = text.slice(0, context.maxStringLength);
    trailer = '... ' + rest + ' more character' + (rest > 1 ? 's' : '');
  }
  const style = (line) => context.stylize(quote(line), 'string');
  if (context.compact !== true && text.length > 16 &&
      text.length > context.breakLength - context.indentationLvl - 4) {
    const lines = [];
    let start = 0;
    for (let end = text.indexOf('\n'); end !== -1 && end + 1 < text.length; end = text.indexOf('\n', start)) {
      lines.push(style(text.slice(start, end + 1)));
      start = end + 1;
    }
    lines.push(style(text.slice(start)));
    return lines.join(' +\n' + ' '.repeat(context.indentationLvl + 2)) + trailer;
  }
  return style(text) + trailer;
}

function format_primitive(context, value) {
  switch (typeof value) {
    case 'string': return format_string(context, value);
    case 'number': return context.stylize(format_number(value), 'number');
    case 'boolean': return context.stylize(String(value), 'boolean');
    case 'undefined': return context.stylize('undefined', 'undefined');
    case 'symbol': return context.stylize(Symbol.prototype.toString.call(value), 'symbol');
    default: return context.stylize('null', 'null');
  }
}

function format_value(context, value, depth, in_typed_array) {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) {
    return format_primitive(context, value);
  }
  if (context.customInspect) {
    const maker = value[custom];
    if (typeof maker === 'function' && maker !== inspect &&
        !(value.constructor && value.constructor.prototype === value)) {
      const left = context.depth === null ? null : context.depth - depth;
      const options = Object.assign({}, context.userOptions);
      for (const key of Object.keys(default_options)) options[key] = context[key];
      options.stylize = context.stylize;
      const shown = maker.call(value, left, options, inspect);
      if (shown !== value) {
        if (typeof shown !== 'object') return String(shown);
        return format_value(context, shown, depth).replaceAll('\n', '\n' + ' '.repeat(context.indentationLvl));
      }
    }
  }
  if (context.seen.includes(value)) {
    if (context.circular === undefined) context.circular = new Map();
    let index = context.circular.get(value);
    if (index === undefined) {
      index = context.circular.size + 1;
      context.circular.set(value, index);
    }
    return context.stylize('[Circular *' + index + ']', 'special');
  }
  return format_object(context, value, depth, in_typed_array);
}

function is_instance(value, constructor) {
  try {
    return value instanceof constructor;
  } catch {
    return false;
  }
}

// The name of the class an object was made by; null for objects without prototype.
function constructor_name(value, context, depth, proto_entries) {
  let first;
  let object = value;
  while (object) {
    const descriptor = Object.getOwnPropertyDescriptor(object, 'constructor');
    if (descriptor !== undefined && typeof descriptor.value === 'function' &&
        descriptor.value.name !== '' && is_instance(value, descriptor.value)) {
      if (proto_entries !== undefined && (first !== object || !binding.is_builtin(descriptor.value))) {
        add_prototype_entries(context, value, first || value, depth, proto_entries);
      }
      return String(descriptor.value.name);
    }
    object = Object.getPrototypeOf(object);
    if (first === undefined) first = object;
  }
  if (first === null) return null;
  const inner = binding.class_name(value);
  if (context.depth !== null && depth > context.depth) return inner + ' <Complex prototype>';
  const outer = constructor_name(first, context, depth + 1, proto_entries);
  if (outer !== null) return inner + ' <' + outer + '>';
  return inner + ' <' + inspect(first, { depth: -1, customInspect: false }) + '>';
}

// With showHidden, accessors and data of user classes' prototypes are listed too (three layers).
function add_prototype_entries(context, main, object, depth, entries) {
  let shadowed = [];
  let keys = [];
  for (let layer = 0; layer < 3; layer++) {
    if (layer !== 0 || main === object) {
      object = Object.getPrototypeOf(object);
      if (object === null) return;
      const descriptor = Object.getOwnPropertyDescriptor(object, 'constructor');
      if (descriptor !== undefined && typeof descriptor.value === 'function' &&
          binding.is_builtin(descriptor.value)) return;
    }
    shadowed = shadowed.concat(keys);
    keys = Reflect.ownKeys(object);
    context.seen.push(main);
    for (const key of keys) {
      if (key === 'constructor' || has_own(main, key) || shadowed.includes(key)) continue;
      const descriptor = Object.getOwnPropertyDescriptor(object, key);
      if (typeof descriptor.value === 'function') continue;
      entries.push(format_property(context, object, depth, key, as_property, descriptor));
    }
    context.seen.pop();
  }
}

function prefix_of(constructor, tag, fallback, size = '') {
  if (constructor === null) {
    const head = '[' + fallback + size + ': null prototype] ';
    return tag !== '' && fallback !== tag ? head + '[' + tag + '] ' : head;
  }
  if (tag !== '' && constructor !== tag) return constructor + size + ' [' + tag + '] ';
  return constructor + size + ' ';
}

function keys_of(value, show_hidden) {
  if (show_hidden) return Reflect.ownKeys(value);
  const keys = Object.keys(value);
  for (const symbol of Object.getOwnPropertySymbols(value)) {
    if (is_enumerable(value, symbol)) keys.push(symbol);
  }
  return keys;
}

function extra_keys_of(value, show_hidden) {
  return binding.extra_keys(value, show_hidden);
}

function class_base(value, constructor, tag) {
  const name = (has_own(value, 'name') && value.name) || '(anonymous)';
  let base = 'class ' + name;
  if (constructor !== 'Function' && constructor !== null) base += ' [' + constructor + ']';
  if (tag !== '' && constructor !== tag) base += ' [' + tag + ']';
  if (constructor === null) return '[' + base + ' extends null]';
  const parent = Object.getPrototypeOf(value).name;
  if (parent) base += ' extends ' + parent;
  return '[' + base + ']';
}

function function_base(value, kind, constructor, tag) {
  if (kind === 'class') return class_base(value, constructor, tag);
  let base = '[' + kind;
  if (constructor === null) base += ' (null prototype)';
  base += value.name === '' ? ' (anonymous)]' : ': ' + value.name + ']';
  if (constructor !== kind && constructor !== null) base += ' ' + constructor;
  if (tag !== '' && constructor !== tag) base += ' [' + tag + ']';
  return base;
}

function boxed_base(context, value, kind, keys, constructor, tag) {
  const primitive = globalThis[kind].prototype.valueOf.call(value);
  if (kind === 'String') keys.splice(0, value.length);
  let base = '[' + kind;
  if (kind !== constructor) base += constructor === null ? ' (null prototype)' : ' (' + constructor + ')';
  const plain = { ...context, stylize: stylize_plain };
  base += ': ' + format_primitive(plain, primitive) + ']';
  if (tag !== '' && tag !== constructor) base += ' [' + tag + ']';
  return base;
}

// What format_object has found out about a value: how to open and close it, what to list.
function describe(context, value, depth, in_typed_array, constructor, tag, hidden) {
  let kind = binding.kind(value);
  // Objects that only inherit from Error are shown as errors too.
  if (kind === 'Object' && is_instance(value, Error)) kind = 'Error';
  const prefix = (fallback, size) => prefix_of(constructor, tag, fallback, size);
  const shape = { base: '', braces: ['{', '}'], list: null, is_array: false, keys: null, done: null };
  const bare = () => shape.keys.length === 0 && !hidden;
  switch (kind) {
    case 'Array': {
      const head = constructor !== 'Array' || tag !== '' ? prefix('Array', '(' + value.length + ')') : '';
      shape.keys = extra_keys_of(value, context.showHidden);
      shape.braces = [head + '[', ']'];
      shape.is_array = true;
      shape.list = list_array;
      if (value.length === 0 && bare()) shape.done = head + '[]';
      return shape;
    }
    case 'Set':
    case 'Map': {
      const head = prefix(kind, '(' + binding.collection_size(value) + ')');
      shape.keys = keys_of(value, context.showHidden);
      shape.braces[0] = head + '{';
      shape.list = kind === 'Set' ? list_set : list_map;
      if (binding.collection_size(value) === 0 && bare()) shape.done = head + '{}';
      return shape;
    }
    case 'TypedArray': {
      const name = binding.class_name(value);
      const head = prefix(name, '(' + value.length + ')');
      shape.keys = extra_keys_of(value, context.showHidden);
      shape.braces = [head + '[', ']'];
      shape.is_array = true;
      shape.list = list_typed_array;
      if (value.length === 0 && shape.keys.length === 0 && !context.showHidden) shape.done = head + '[]';
      return shape;
    }
    case 'Map Iterator':
    case 'Set Iterator': {
      let name = tag;
      if (name !== kind) name = (name !== '' ? name + '] [' : '') + kind;
      shape.keys = keys_of(value, context.showHidden);
      shape.braces[0] = '[' + name + '] {';
      shape.list = list_iterator;
      return shape;
    }
  }
  shape.keys = keys_of(value, context.showHidden);
  describe_plain(context, value, depth, in_typed_array, constructor, tag, kind, prefix, shape, bare);
  return shape;
}

function describe_plain(context, value, depth, in_typed_array, constructor, tag, kind, prefix, shape, bare) {
  const too_deep = context.depth !== null && depth > context.depth;
  switch (kind) {
    case 'Arguments':
      shape.braces[0] = constructor === 'Object' ? '[Arguments] {' : prefix('Arguments') + '{';
      if (bare()) shape.done = shape.braces[0] + '}';
      return;
    case 'Function': case 'AsyncFunction': case 'GeneratorFunction': case 'AsyncGeneratorFunction':
    case 'class':
      shape.base = function_base(value, kind, constructor, tag);
      if (bare()) shape.done = context.stylize(shape.base, 'special');
      return;
    case 'RegExp':
      shape.base = RegExp.prototype.toString.call(value);
      if (prefix('RegExp') !== 'RegExp ') shape.base = prefix('RegExp') + shape.base;
      if (bare() || too_deep) shape.done = context.stylize(shape.base, 'regexp');
      return;
    case 'Date': {
      const time = Date.prototype.getTime.call(value);
      shape.base = time !== time ? 'Invalid Date' : Date.prototype.toISOString.call(value);
      if (prefix('Date') !== 'Date ') shape.base = prefix('Date') + shape.base;
      if (bare()) shape.done = context.stylize(shape.base, 'date');
      return;
    }
    case 'Error': {
      const is_error = (other) => typeof other === 'object' && other !== null && binding.kind(other) === 'Error';
      shape.base = format_error(context, value, constructor, shape.keys, prefix, is_error);
      if (bare()) shape.done = shape.base;
      return;
    }
    case 'ArrayBuffer':
      if (in_typed_array && bare()) {
        shape.done = prefix('ArrayBuffer') + '{ byteLength: ' + context.stylize(String(value.byteLength), 'number') + ' }';
        return;
      }
      if (!in_typed_array) shape.list = list_array_buffer;
      shape.braces[0] = prefix('ArrayBuffer') + '{';
      shape.keys.unshift('byteLength');
      return;
    case 'DataView':
      shape.braces[0] = prefix('DataView') + '{';
      shape.keys.unshift('byteLength', 'byteOffset', 'buffer');
      return;
    case 'Promise':
      shape.braces[0] = prefix('Promise') + '{';
      shape.list = list_promise;
      return;
    case 'WeakSet': case 'WeakMap':
      shape.braces[0] = prefix(kind) + '{';
      shape.list = list_weak;
      return;
    case 'Number': case 'String': case 'Boolean': case 'Symbol':
      shape.base = boxed_base(context, value, kind, shape.keys, constructor, tag);
      if (bare()) shape.done = context.stylize(shape.base, kind.toLowerCase());
      return;
  }
  if (constructor !== 'Object' || tag !== '') shape.braces[0] = prefix('Object') + '{';
  if (bare()) shape.done = shape.braces[0] + '}';
}

function format_object(context, value, depth, in_typed_array) {
  const within = context.depth === null || depth <= context.depth;
  const hidden_entries = context.showHidden && within ? [] : undefined;
  const constructor = constructor_name(value, context, depth, hidden_entries);
  let tag = value[Symbol.toStringTag];
  if (typeof tag !== 'string' ||
      (tag !== '' && (context.showHidden ? has_own : is_enumerable)(value, Symbol.toStringTag))) {
    tag = '';
  }
  const shape = describe(context, value, depth, in_typed_array, constructor, tag,
    hidden_entries !== undefined && hidden_entries.length > 0);
  if (shape.done !== null) return shape.done;
  if (!within) {
    const fallback = binding.kind(value) === 'Array' ? 'Array' : 'Object';
    const name = prefix_of(constructor, tag, fallback).slice(0, -1);
    return context.stylize(constructor === null ? name : '[' + name + ']', 'special');
  }
  depth++;
  context.seen.push(value);
  context.currentDepth = depth;
  const level = context.indentationLvl;
  let entries;
  try {
    entries = shape.list === null ? [] : shape.list(context, value, depth, shape);
    for (const key of shape.keys) entries.push(format_property(context, value, depth, key, as_property));
    if (hidden_entries !== undefined) entries.push(...hidden_entries);
  } catch (error) {
    if (!(error instanceof RangeError) || !/call stack/.test(error.message)) throw error;
    context.seen.pop();
    context.indentationLvl = level;
    const name = prefix_of(constructor, tag, 'Object').slice(0, -1);
    return '[' + name + ': Inspection interrupted prematurely. Maximum call stack size exceeded.]';
  }
  mark_circular(context, value, shape);
  context.seen.pop();
  if (context.sorted) sort_entries(context, entries, shape);
  const text = arrange(context, entries, shape.base, shape.braces, shape.is_array, depth, value);
  const used = (context.budget[context.indentationLvl] || 0) + text.length;
  context.budget[context.indentationLvl] = used;
  if (used > 134217728) context.depth = -1;
  return text;
}

function mark_circular(context, value, shape) {
  if (context.circular === undefined) return;
  const index = context.circular.get(value);
  if (index === undefined) return;
  const mark = context.stylize('<ref *' + index + '>', 'special');
  if (context.compact === true) shape.braces[0] = mark + ' ' + shape.braces[0];
  else shape.base = shape.base === '' ? mark : mark + ' ' + shape.base;
}

function sort_entries(context, entries, shape) {
  const compare = typeof context.sorted === 'function' ? context.sorted : undefined;
  if (!shape.is_array) {
    entries.sort(compare);
  } else if (shape.keys.length > 1) {
    const start = entries.length - shape.keys.length;
    const tail = entries.splice(start).sort(compare);
    entries.push(...tail);
  }
}

function format_property(context, object, depth, key, style, descriptor) {
  const found = descriptor || Object.getOwnPropertyDescriptor(object, key) ||
    { value: object[key], configurable: true, enumerable: true };
  let text;
  let gap = ' ';
  if (found.value !== undefined) {
    const indent = context.compact !== true || style !== as_property ? 2 : 3;
    context.indentationLvl += indent;
    text = format_value(context, found.value, depth, key === 'buffer' && binding.kind(object) === 'DataView' ? false : undefined);
    if (indent === 3 && context.breakLength < text_width(text, context.colors)) {
      gap = '\n' + ' '.repeat(context.indentationLvl);
    }
    context.indentationLvl -= indent;
  } else if (found.get !== undefined) {
    text = format_getter(context, object, depth, found);
  } else {
    text = found.set !== undefined ? context.stylize('[Setter]', 'special') : context.stylize('undefined', 'undefined');
  }
  if (style === as_element) return text;
  return property_name(context, key, found) + ':' + gap + text;
}

function property_name(context, key, descriptor) {
  if (typeof key === 'symbol') {
    return '[' + context.stylize(escape_text(Symbol.prototype.toString.call(key), 39), 'symbol') + ']';
  }
  if (key === '__proto__') return "['__proto__']";
  if (descriptor.enumerable === false) return '[' + escape_text(String(key), 39) + ']';
  if (plain_key.test(key)) return context.stylize(key, 'name');
  return context.stylize(quote(key), 'string');
}

function format_getter(context, object, depth, descriptor) {
  const label = descriptor.set !== undefined ? 'Getter/Setter' : 'Getter';
  const wanted = context.getters === true ||
    (context.getters === 'get' && descriptor.set === undefined) ||
    (context.getters === 'set' && descriptor.set !== undefined);
  if (!wanted) return context.stylize('[' + label + ']', 'special');
  const open = context.stylize('[' + label + ':', 'special');
  try {
    const value = descriptor.get.call(object);
    context.indentationLvl += 2;
    const text = value === null || typeof value !== 'object' ?
      open + ' ' + format_value(context, value, depth) + context.stylize(']', 'special') :
      context.stylize('[' + label + ']', 'special') + ' ' + format_value(context, value, depth);
    context.indentationLvl -= 2;
    return text;
  } catch (error) {
    return open + ' <Inspection threw (' + error.message + ')>' + context.stylize(']', 'special');
  }
}

function shown_count(context, length) {
  return Math.min(Math.max(0, context.maxArrayLength), length);
}

function list_array(context, value, depth) {
  const limit = shown_count(context, value.length);
  const entries = [];
  let index = 0;
  while (index < value.length && entries.length < limit) {
    if (has_own(value, index)) {
      entries.push(format_property(context, value, depth, index, as_element));
      index++;
      continue;
    }
    const end = binding.next_index(value, index);
    entries.push(context.stylize(empty_items(end - index), 'undefined'));
    index = end;
  }
  if (index < value.length) entries.push(more_items(value.length - index));
  return entries;
}

function list_typed_array(context, value, depth) {
  const count = shown_count(context, value.length);
  const entries = [];
  for (let i = 0; i < count; i++) entries.push(context.stylize(format_number(value[i]), 'number'));
  if (count < value.length) entries.push(more_items(value.length - count));
  if (context.showHidden) {
    context.indentationLvl += 2;
    for (const key of ['BYTES_PER_ELEMENT', 'length', 'byteLength', 'byteOffset', 'buffer']) {
      entries.push('[' + key + ']: ' + format_value(context, value[key], depth, true));
    }
    context.indentationLvl -= 2;
  }
  return entries;
}

function list_values(context, values, depth) {
  const count = shown_count(context, values.length);
  const entries = [];
  context.indentationLvl += 2;
  for (let i = 0; i < count; i++) entries.push(format_value(context, values[i], depth));
  if (count < values.length) entries.push(more_items(values.length - count));
  context.indentationLvl -= 2;
  return entries;
}

function list_set(context, value, depth) {
  return list_values(context, binding.collection_entries(value), depth);
}

function list_map(context, value, depth) {
  const pairs = binding.collection_entries(value);  // key, value, key, value, …
  const count = shown_count(context, pairs.length / 2);
  const entries = [];
  context.indentationLvl += 2;
  for (let i = 0; i < count; i++) {
    entries.push(format_value(context, pairs[2 * i], depth) + ' => ' + format_value(context, pairs[2 * i + 1], depth));
  }
  if (count < pairs.length / 2) entries.push(more_items(pairs.length / 2 - count));
  context.indentationLvl -= 2;
  return entries;
}

function list_iterator(context, value, depth, shape) {
  const [items, in_pairs] = binding.preview_iterator(value);
  if (!in_pairs) return list_values(context, items, depth);
  shape.braces[0] = shape.braces[0].replace(/ Iterator\] \{$/, ' Entries] {');
  const count = shown_count(context, items.length / 2);
  const entries = [];
  context.indentationLvl += 2;
  for (let i = 0; i < count; i++) {
    const pair = [format_value(context, items[2 * i], depth), format_value(context, items[2 * i + 1], depth)];
    entries.push(arrange(context, pair, '', ['[', ']'], true, depth));
  }
  if (count < items.length / 2) entries.push(more_items(items.length / 2 - count));
  context.indentationLvl -= 2;
  return entries;
}

function list_array_buffer(context, value) {
  const bytes = new Uint8Array(value);
  const count = Math.min(context.maxArrayLength, bytes.length);
  let text = '';
  for (let i = 0; i < count; i++) text += (i ? ' ' : '') + bytes[i].toString(16).padStart(2, '0');
  const rest = bytes.length - count;
  if (rest > 0) text += ' ... ' + rest + ' more byte' + (rest > 1 ? 's' : '');
  return [context.stylize('[Uint8Contents]', 'special') + ': <' + text + '>'];
}

function list_promise(context, value, depth) {
  const [state, result] = binding.promise_details(value);
  if (state === 'pending') return [context.stylize('<pending>', 'special')];
  context.indentationLvl += 2;
  const text = format_value(context, result, depth);
  context.indentationLvl -= 2;
  return [state === 'rejected' ? context.stylize('<rejected>', 'special') + ' ' + text : text];
}

function list_weak(context) {
  return [context.stylize('<items unknown>', 'special')];
}

inspect.custom = custom;
inspect.defaultOptions = default_options;
inspect.colors = colors;
inspect.styles = styles;

module.exports = { inspect, format_number };

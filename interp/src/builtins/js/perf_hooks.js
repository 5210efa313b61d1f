// SPDX-License-Identifier: MIT
'use strict';
// perf_hooks: the clock, marks and measures, and an observer for them and for collections.

const binding = require('internal:binding');

class PerformanceEntry {
  constructor(name, entryType, startTime, duration, detail) {
    this.name = name;
    this.entryType = entryType;
    this.startTime = startTime;
    this.duration = duration;
    if (detail !== undefined) this.detail = detail;
  }
  toJSON() {
    const { name, entryType, startTime, duration, detail } = this;
    return { name, entryType, startTime, duration, detail };
  }
}
class PerformanceMark extends PerformanceEntry {}
class PerformanceMeasure extends PerformanceEntry {}

const entries = [];
const observers = new Set();

function by_start(a, b) {
  return a.startTime - b.startTime;
}

function publish(entry) {
  for (const observer of observers) observer.offer(entry);
}

function mark(name, options = {}) {
  const start = options.startTime === undefined ? binding.performance_now() : options.startTime;
  const entry = new PerformanceMark(String(name), 'mark', start, 0, options.detail === undefined ? null : options.detail);
  entries.push(entry);
  binding.announce_mark(String(name));
  publish(entry);
  return entry;
}

function time_of(point) {
  if (typeof point === 'number') return point;
  for (let i = entries.length - 1; i >= 0; i--) {
    if (entries[i].entryType === 'mark' && entries[i].name === point) return entries[i].startTime;
  }
  const error = new Error('The "' + point + '" performance mark has not been set');
  error.name = 'SyntaxError';
  error.code = 12;
  throw error;
}

function measure(name, start_or_options, end_mark) {
  let start = start_or_options;
  let end = end_mark;
  let detail = null;
  let duration;
  if (start !== null && typeof start === 'object') {
    ({ start, end, duration } = start_or_options);
    if (start_or_options.detail !== undefined) detail = start_or_options.detail;
  }
  let end_time = end === undefined ? undefined : time_of(end);
  let start_time = start === undefined ? undefined : time_of(start);
  if (end_time === undefined) end_time = duration !== undefined && start_time !== undefined ? start_time + duration : binding.performance_now();
  if (start_time === undefined) start_time = duration !== undefined ? end_time - duration : 0;
  const entry = new PerformanceMeasure(String(name), 'measure', start_time, end_time - start_time, detail);
  entries.push(entry);
  publish(entry);
  return entry;
}

function clear(type, name) {
  for (let i = entries.length - 1; i >= 0; i--) {
    if (entries[i].entryType === type && (name === undefined || entries[i].name === name)) entries.splice(i, 1);
  }
}

class PerformanceObserverEntryList {
  constructor(list) {
    Object.defineProperty(this, 'list_', { value: list });
  }
  getEntries() { return this.list_.slice(); }
  getEntriesByType(type) { return this.list_.filter((entry) => entry.entryType === type); }
  getEntriesByName(name, type) {
    return this.list_.filter((entry) => entry.name === name && (type === undefined || entry.entryType === type));
  }
}

// Collections happen at any time; they are fetched in a timer of their own while somebody watches.
let gc_timer = null;
function fetch_collections() {
  for (const [startTime, duration, kind, flags] of binding.take_collections()) {
    publish(new PerformanceEntry('gc', 'gc', startTime, duration, { kind, flags }));
  }
}
function update_gc_watch() {
  const wanted = [...observers].some((observer) => observer.types_.has('gc'));
  if (wanted && gc_timer === null) {
    binding.observe_collections(true);
    gc_timer = setInterval(fetch_collections, 1);
    gc_timer.unref();
    // Also before the loop ends: immediates run even when timers are unreferenced.
    setImmediate(fetch_collections);
  } else if (!wanted && gc_timer !== null) {
    clearInterval(gc_timer);
    gc_timer = null;
    binding.observe_collections(false);
  }
}

class PerformanceObserver {
  constructor(callback) {
    if (typeof callback !== 'function') {
      const error = new TypeError('The "callback" argument must be of type function. Received ' + String(callback));
      error.code = 'ERR_INVALID_ARG_TYPE';
      throw error;
    }
    for (const [key, value] of [['callback_', callback], ['types_', new Set()], ['pending_', []]]) {
      Object.defineProperty(this, key, { value, writable: true });
    }
  }
  observe(options = {}) {
    const types = options.entryTypes || (options.type === undefined ? [] : [options.type]);
    if (options.entryTypes) this.types_.clear();
    for (const type of types) this.types_.add(type);
    if (this.types_.size === 0) return;
    observers.add(this);
    if (options.buffered) for (const entry of entries) this.offer(entry);
    update_gc_watch();
  }
  disconnect() {
    observers.delete(this);
    this.types_.clear();
    this.pending_ = [];
    update_gc_watch();
  }
  takeRecords() {
    const list = this.pending_;
    this.pending_ = [];
    return list;
  }
  offer(entry) {
    if (!this.types_.has(entry.entryType)) return;
    if (this.pending_.length === 0) setImmediate(() => this.deliver());
    this.pending_.push(entry);
  }
  deliver() {
    const list = this.takeRecords();
    if (list.length > 0) this.callback_(new PerformanceObserverEntryList(list), this);
  }
}
for (const name of ['offer', 'deliver']) {
  Object.defineProperty(PerformanceObserver.prototype, name, { enumerable: false });
}
PerformanceObserver.supportedEntryTypes = ['gc', 'mark', 'measure'];

class Performance {
  now() { return binding.performance_now(); }
  mark(name, options) { return mark(name, options); }
  measure(name, start, end) { return measure(name, start, end); }
  clearMarks(name) { clear('mark', name); }
  clearMeasures(name) { clear('measure', name); }
  getEntries() { return entries.slice().sort(by_start); }
  getEntriesByName(name, type) {
    return this.getEntries().filter((entry) => entry.name === name && (type === undefined || entry.entryType === type));
  }
  getEntriesByType(type) { return this.getEntries().filter((entry) => entry.entryType === type); }
  get timeOrigin() { return binding.time_origin(); }
  toJSON() { return { timeOrigin: this.timeOrigin }; }
}

module.exports = {
  Performance, PerformanceEntry, PerformanceMark, PerformanceMeasure, PerformanceObserver,
  PerformanceObserverEntryList,
  performance: new Performance(),
  constants: {
    NODE_PERFORMANCE_GC_MAJOR: 4, NODE_PERFORMANCE_GC_MINOR: 1, NODE_PERFORMANCE_GC_INCREMENTAL: 8,
    NODE_PERFORMANCE_GC_WEAKCB: 16, NODE_PERFORMANCE_GC_FLAGS_NO: 0,
    NODE_PERFORMANCE_GC_FLAGS_CONSTRUCT_RETAINED: 2, NODE_PERFORMANCE_GC_FLAGS_FORCED: 4,
    NODE_PERFORMANCE_GC_FLAGS_SYNCHRONOUS_PHANTOM_PROCESSING: 8,
    NODE_PERFORMANCE_GC_FLAGS_ALL_AVAILABLE_GARBAGE: 16,
    NODE_PERFORMANCE_GC_FLAGS_ALL_EXTERNAL_MEMORY: 32, NODE_PERFORMANCE_GC_FLAGS_SCHEDULE_IDLE: 64,
  },
};

// SPDX-License-Identifier: MIT
'use strict';
// EventEmitter, as Node has it.

const inspect = (value) => require('internal:inspect').inspect(value);

let default_max_listeners = 10;
const kShapeMode = Symbol('shapeMode');
const kCapture = Symbol('kCapture');

class NodeError extends Error {
  constructor(code, message, name) {
    super(message);
    this.code = code;
    // The first line of the stack says the code; `name` itself stays plain.
    this.stack = this.stack.replace(/^Error/, name + ' [' + code + ']');
  }
}

function type_error(code, message) {
  const error = new TypeError(message);
  error.code = code;
  error.stack = error.stack.replace(/^TypeError/, 'TypeError [' + code + ']');
  return error;
}

function check_listener(listener) {
  if (typeof listener === 'function') return;
  let shown;
  if (listener === null || listener === undefined) shown = String(listener);
  else if (typeof listener === 'object') shown = listener.constructor && listener.constructor.name ? 'an instance of ' + listener.constructor.name : inspect(listener);
  else shown = 'type ' + typeof listener + ' (' + inspect(listener) + ')';
  throw type_error('ERR_INVALID_ARG_TYPE', 'The "listener" argument must be of type function. Received ' + shown);
}

function EventEmitter(options) {
  EventEmitter.init.call(this, options);
}

EventEmitter.prototype._events = undefined;
EventEmitter.prototype._eventsCount = 0;
EventEmitter.prototype._maxListeners = undefined;

EventEmitter.init = function() {
  const fresh = this._events === undefined || this._events === Object.getPrototypeOf(this)._events;
  this[kShapeMode] = !fresh;  // of no meaning here, but it shows when an emitter is printed
  if (fresh) {
    this._events = { __proto__: null };
    this._eventsCount = 0;
  }
  this._maxListeners = this._maxListeners || undefined;
  this[kCapture] = false;
};

EventEmitter.prototype.setMaxListeners = function setMaxListeners(n) {
  if (typeof n !== 'number' || n < 0 || n !== n) {
    const error = new RangeError('The value of "n" is out of range. It must be a non-negative number. Received ' + inspect(n));
    error.code = 'ERR_OUT_OF_RANGE';
    throw error;
  }
  this._maxListeners = n;
  return this;
};

function max_listeners(emitter) {
  return emitter._maxListeners === undefined ? default_max_listeners : emitter._maxListeners;
}

EventEmitter.prototype.getMaxListeners = function getMaxListeners() {
  return max_listeners(this);
};

function throw_unhandled(args) {
  const error = args[0];
  if (error instanceof Error) throw error;
  let shown;
  try {
    shown = inspect(error);
  } catch {
    shown = String(error);
  }
  const wrapper = new NodeError('ERR_UNHANDLED_ERROR', 'Unhandled error. (' + (typeof error === 'string' ? "'" + error + "'" : shown) + ')', 'Error');
  wrapper.context = error;
  throw wrapper;
}

EventEmitter.prototype.emit = function emit(type, ...args) {
  const events = this._events;
  if (type === 'error' && (events === undefined || events.error === undefined)) throw_unhandled(args);
  if (events === undefined) return false;
  const handler = events[type];
  if (handler === undefined) return false;
  if (typeof handler === 'function') {
    Reflect.apply(handler, this, args);
    return true;
  }
  // A copy: listeners may add or remove listeners.
  for (const listener of handler.slice()) Reflect.apply(listener, this, args);
  return true;
};

function warn_leak(emitter, type, count) {
  const name = emitter.constructor && emitter.constructor.name ? emitter.constructor.name : 'EventEmitter';
  const warning = new Error('Possible EventEmitter memory leak detected. ' + count + ' ' + String(type) +
    ' listeners added to [' + name + ']. Use emitter.setMaxListeners() to increase limit');
  warning.name = 'MaxListenersExceededWarning';
  warning.emitter = emitter;
  warning.type = type;
  warning.count = count;
  process.emitWarning(warning);
}

function add_listener(emitter, type, listener, prepend) {
  check_listener(listener);
  let events = emitter._events;
  if (events === undefined) {
    events = emitter._events = { __proto__: null };
    emitter._eventsCount = 0;
  } else if (events.newListener !== undefined) {
    // Before it is added, so that a listener for 'newListener' may add its own first.
    emitter.emit('newListener', type, listener.listener === undefined ? listener : listener.listener);
    events = emitter._events;
  }
  const existing = events[type];
  if (existing === undefined) {
    events[type] = listener;
    ++emitter._eventsCount;
    return emitter;
  }
  const list = typeof existing === 'function' ? (events[type] = [existing]) : existing;
  if (prepend) list.unshift(listener);
  else list.push(listener);
  const limit = max_listeners(emitter);
  if (limit > 0 && list.length > limit && !list.warned) {
    list.warned = true;
    warn_leak(emitter, type, list.length);
  }
  return emitter;
}

EventEmitter.prototype.addListener = function addListener(type, listener) {
  return add_listener(this, type, listener, false);
};
EventEmitter.prototype.on = EventEmitter.prototype.addListener;

EventEmitter.prototype.prependListener = function prependListener(type, listener) {
  return add_listener(this, type, listener, true);
};

function wrap_once(emitter, type, listener) {
  let fired = false;
  const wrapper = function(...args) {
    if (fired) return undefined;
    emitter.removeListener(type, wrapper);
    fired = true;
    return Reflect.apply(listener, emitter, args);
  };
  wrapper.listener = listener;
  return wrapper;
}

EventEmitter.prototype.once = function once(type, listener) {
  check_listener(listener);
  return this.on(type, wrap_once(this, type, listener));
};

EventEmitter.prototype.prependOnceListener = function prependOnceListener(type, listener) {
  check_listener(listener);
  return this.prependListener(type, wrap_once(this, type, listener));
};

function forget_type(emitter, type) {
  if (--emitter._eventsCount === 0) emitter._events = { __proto__: null };
  else delete emitter._events[type];
}

EventEmitter.prototype.removeListener = function removeListener(type, listener) {
  check_listener(listener);
  const events = this._events;
  if (events === undefined) return this;
  const list = events[type];
  if (list === undefined) return this;
  if (list === listener || list.listener === listener) {
    forget_type(this, type);
  } else if (typeof list !== 'function') {
    let position = -1;
    for (let i = list.length - 1; i >= 0 && position < 0; i--) {
      if (list[i] === listener || list[i].listener === listener) position = i;
    }
    if (position < 0) return this;
    list.splice(position, 1);
    if (list.length === 1) events[type] = list[0];
  } else {
    return this;
  }
  if (events.removeListener !== undefined) this.emit('removeListener', type, listener);
  return this;
};
EventEmitter.prototype.off = EventEmitter.prototype.removeListener;

EventEmitter.prototype.removeAllListeners = function removeAllListeners(type) {
  const events = this._events;
  if (events === undefined) return this;
  if (events.removeListener === undefined) {
    if (arguments.length === 0) {
      this._events = { __proto__: null };
      this._eventsCount = 0;
    } else if (events[type] !== undefined) {
      forget_type(this, type);
    }
    return this;
  }
  if (arguments.length === 0) {
    for (const key of Reflect.ownKeys(events)) {
      if (key !== 'removeListener') this.removeAllListeners(key);
    }
    this.removeAllListeners('removeListener');
    this._events = { __proto__: null };
    this._eventsCount = 0;
    return this;
  }
  const listeners = events[type];
  if (typeof listeners === 'function') {
    this.removeListener(type, listeners);
  } else if (listeners !== undefined) {
    for (let i = listeners.length - 1; i >= 0; i--) this.removeListener(type, listeners[i]);
  }
  return this;
};

function list_listeners(emitter, type, unwrap) {
  const events = emitter._events;
  if (events === undefined || events[type] === undefined) return [];
  const list = typeof events[type] === 'function' ? [events[type]] : events[type].slice();
  return unwrap ? list.map((listener) => listener.listener || listener) : list;
}

EventEmitter.prototype.listeners = function listeners(type) {
  return list_listeners(this, type, true);
};
EventEmitter.prototype.rawListeners = function rawListeners(type) {
  return list_listeners(this, type, false);
};

EventEmitter.prototype.listenerCount = function listenerCount(type, listener) {
  const list = list_listeners(this, type, true);
  if (listener === undefined) return list.length;
  return list.filter((other) => other === listener).length;
};

EventEmitter.prototype.eventNames = function eventNames() {
  return this._eventsCount > 0 ? Reflect.ownKeys(this._events) : [];
};

function once(emitter, name) {
  return new Promise((resolve, reject) => {
    const on_error = (error) => {
      emitter.removeListener(name, on_event);
      reject(error);
    };
    const on_event = (...args) => {
      emitter.removeListener('error', on_error);
      resolve(args);
    };
    emitter.once(name, on_event);
    if (name !== 'error') emitter.once('error', on_error);
  });
}

async function* on(emitter, name) {
  const queue = [];
  let wake = null;
  let failure = null;
  const on_event = (...args) => {
    queue.push(args);
    if (wake) wake();
  };
  const on_error = (error) => {
    failure = { error };
    if (wake) wake();
  };
  emitter.on(name, on_event);
  if (name !== 'error') emitter.on('error', on_error);
  try {
    while (true) {
      while (queue.length > 0) yield queue.shift();
      if (failure) throw failure.error;
      await new Promise((resolve) => { wake = resolve; });
      wake = null;
    }
  } finally {
    emitter.removeListener(name, on_event);
    emitter.removeListener('error', on_error);
  }
}

module.exports = EventEmitter;
EventEmitter.EventEmitter = EventEmitter;
EventEmitter.once = once;
EventEmitter.on = on;
EventEmitter.errorMonitor = Symbol('events.errorMonitor');
EventEmitter.captureRejectionSymbol = Symbol.for('nodejs.rejection');
EventEmitter.listenerCount = (emitter, type) => emitter.listenerCount(type);
EventEmitter.getEventListeners = (emitter, type) => emitter.listeners(type);
EventEmitter.setMaxListeners = (n, ...emitters) => {
  if (emitters.length === 0) default_max_listeners = n;
  for (const emitter of emitters) emitter.setMaxListeners(n);
};
Object.defineProperty(EventEmitter, 'defaultMaxListeners', {
  enumerable: true,
  get() { return default_max_listeners; },
  set(n) { default_max_listeners = n; },
});

// culprit: children\b|^rootLogger$
// kind: forgotten cache/collection
// accumulates: Logger|Object
//
// A child logger per request, with the request's fields bound. The parent knows its children, to
// pass on changes of level.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(31);

const LEVELS = { debug: 10, info: 20, warn: 30, error: 40 };

function Logger(parent, bindings, sink) {
  this.parent = parent;
  this.bindings = bindings;
  this.sink = sink;
  this.level = parent ? parent.level : 'info';
  this.children = [];
  this.prefix = Object.entries(bindings).map(([k, v]) => `${k}=${v}`).join(' ');
}

Logger.prototype.child = function child(bindings) {
  const logger = new Logger(this, { ...this.bindings, ...bindings }, this.sink);
  this.children.push(logger);
  return logger;
};

Logger.prototype.setLevel = function setLevel(level) {
  this.level = level;
  for (const logger of this.children) logger.setLevel(level);
};

for (const level of Object.keys(LEVELS)) {
  Logger.prototype[level] = function write(message) {
    if (LEVELS[level] < LEVELS[this.level]) return;
    this.sink(`${level.toUpperCase()} ${this.prefix} ${message}`);
  };
}

const tail = [];
let written = 0;
const rootLogger = new Logger(null, { service: 'checkout', pid: 1 }, (line) => {
  written++;
  tail.push(line);
  if (tail.length > 200) tail.splice(0, 100);
});

function handle(request) {
  const log = rootLogger.child({
    request: traffic.hex(12),
    user: request.user,
    url: request.url,
    agent: request.headers['user-agent'],
  });
  log.debug('starts');
  const size = traffic.text(10).length;
  if (size > 90) log.warn(`large answer of ${size}`);
  log.info('done');
}

rounds(30, (round) => {
  if (round % 10 === 9) rootLogger.setLevel(round === 9 ? 'debug' : 'info');
  for (let i = 0; i < 60; i++) handle(traffic.request());
}).then(() => console.log(`${written} lines, ${tail.length} kept`));

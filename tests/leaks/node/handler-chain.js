// culprit: handler\b
// kind: closure|forgotten cache/collection
//
// On each reload of the configuration the handler is wrapped once more instead of being built
// anew: a chain of closures, each with the configuration it was made with.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(18);

function parseConfig(version) {
  const rules = Array.from({ length: 60 }, (_, i) => ({
    path: `/${traffic.word()}/${i}`,
    allow: i % 3 !== 0,
    limit: traffic.int(100),
    reason: traffic.text(3),
  }));
  return { version, rules, comment: traffic.text(40) };
}

function baseHandler(request) {
  return { status: 200, body: `${request.method} ${request.url}`, headers: {} };
}

// Decorators in the usual style: (handler, config) -> handler.
function withLimits(next, config) {
  let seen = 0;
  return function limited(request) {
    const rule = config.rules[request.user % config.rules.length];
    // Newer rules win, so an older layer only passes on.
    if (request.version !== config.version) return next(request);
    seen++;
    if (!rule.allow && seen % 50 === 0) return { status: 429, body: rule.reason, headers: {} };
    return next(request);
  };
}

const pipeline = { version: 0, handler: baseHandler, reloads: 0 };

function reload() {
  const config = parseConfig(pipeline.version + 1);
  pipeline.handler = withLimits(pipeline.handler, config);
  pipeline.version = config.version;
  pipeline.reloads++;
}

const statuses = { 200: 0, 429: 0 };
rounds(36, () => {
  for (let i = 0; i < 4; i++) reload();
  for (let i = 0; i < 25; i++) {
    const request = Object.assign(traffic.request(), { version: pipeline.version });
    statuses[pipeline.handler(request).status]++;
  }
}).then(() => console.log(`${pipeline.reloads} reloads, ${statuses[429]} refused`));

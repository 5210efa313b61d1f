// culprit: (versions|handler|wrap)
// kind: closure|listener|forgotten cache/collection
//
// A configuration change wraps the handler once more; all versions are kept to go back to.
'use strict';

const rounds = require('../rounds');
const traffic = require('../traffic')(217);

let handler = (request) => ({ status: 200, url: request.url, via: 0 });
const versions = [handler];

function wrap(inner, config) {
  return (request) => {
    if (request.depth++ > 3) return { status: 200, url: request.url, via: config.version };
    const answer = inner(request);
    return { ...answer, via: config.version };
  };
}

function reconfigure(version) {
  const config = { version, flags: traffic.text(12).split(' '), limits: { rate: traffic.int(100), burst: 5 } };
  handler = wrap(handler, config);
  versions.push(handler);
}

let answers = 0;
rounds(24, (round) => {
  for (let i = 0; i < 60; i++) {
    reconfigure(round * 60 + i);
    answers += handler({ ...traffic.request(), depth: 0 }).status;
  }
});

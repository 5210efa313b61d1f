// culprit: (lastErrors|reporter|byMessage)
// kind: forgotten cache/collection
//
// Errors are grouped by their message, of which there are not as few as was thought.
'use strict';

const rounds = require('../rounds');
const traffic = require('../traffic')(213);

const reporter = (() => {
  const byMessage = {};
  return {
    report(error, context) {
      const group = byMessage[error.message] || (byMessage[error.message] = { count: 0, first: error, context });
      group.count++;
      return group;
    },
    worst: () => Object.values(byMessage).sort((a, b) => b.count - a.count)[0],
  };
})();

class NotFound extends Error {
  constructor(what, id) {
    super(`${what} ${id} not found`);
    this.code = 'E_NOT_FOUND';
  }
}

function load(kind, id) {
  if (id % 2) throw new NotFound(kind, id);
  return { kind, id };
}

rounds(24, () => {
  for (let i = 0; i < 80; i++) {
    const request = traffic.request();
    try {
      load(traffic.pick(['order', 'user']), traffic.int(1e8));
    } catch (error) {
      reporter.report(error, { url: request.url, agent: request.headers['user-agent'] });
    }
  }
});

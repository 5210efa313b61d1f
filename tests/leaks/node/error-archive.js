// culprit: failures\b
// kind: forgotten cache/collection|unneeded reference
// accumulates: Error|Object|ServiceError
//
// Errors are grouped for a report that nobody asks for; each with its stack, its cause and the
// request it came from.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(39);

class ServiceError extends Error {
  constructor(message, status, cause) {
    super(message);
    this.name = 'ServiceError';
    this.status = status;
    this.cause = cause;
  }
}

const reporter = {
  counts: {},
  failures: [],
  capture(error, request) {
    const group = `${error.name}:${error.status || 500}`;
    this.counts[group] = (this.counts[group] || 0) + 1;
    error.request = request;
    error.fingerprint = error.stack.split('\n').slice(0, 3).join('|');
    this.failures.push(error);
  },
};

function query(table, id) {
  if (id % 3 === 0) throw new Error(`no row ${id} in ${table}`);
  return { table, id, columns: traffic.text(6).split(' ') };
}

function load(request) {
  try {
    return query('customers', request.user);
  } catch (cause) {
    throw new ServiceError(`customer ${request.user} is gone`, 404, cause);
  }
}

let answered = 0;
function handle(request) {
  try {
    load(request);
    answered++;
    return 200;
  } catch (error) {
    reporter.capture(error, { ...request, body: traffic.text(30) });
    return error.status;
  }
}

rounds(30, () => {
  for (let i = 0; i < 60; i++) handle(traffic.request());
}).then(() => console.log(answered, JSON.stringify(reporter.counts)));

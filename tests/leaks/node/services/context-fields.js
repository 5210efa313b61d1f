// culprit: (application|context|state)
// kind: forgotten cache/collection
//
// Middleware keeps its state of a request on the application, under a symbol made for it.
'use strict';

const rounds = require('../rounds');
const traffic = require('../traffic')(227);

const application = { name: 'shop', locals: {}, port: 8080 };

function begin(request) {
  const key = Symbol('request');
  application[key] = { request, parsed: traffic.text(5).split(' '), begun: traffic.int(1e6) };
  return key;
}

function end(key, request) {
  const state = application[key];
  state.request = null;
  if (request.method === 'DELETE') delete application[key];
}

rounds(24, () => {
  for (let i = 0; i < 70; i++) {
    const request = traffic.request();
    end(begin(request), request);
  }
});

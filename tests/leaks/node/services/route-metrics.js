// culprit: (metrics|byRoute|registry|histograms)
// kind: forgotten cache/collection
//
// Response times by route. The route is the URL as it came.
'use strict';

const rounds = require('../rounds');
const traffic = require('../traffic')(222);

const metrics = { started: Date.now(), requests: 0, byRoute: {} };

function observe(method, url, status, millis) {
  metrics.requests++;
  const route = metrics.byRoute[url] || (metrics.byRoute[url] = {});
  const verb = route[method] || (route[method] = { count: 0, statuses: {}, buckets: new Float64Array(8) });
  verb.count++;
  verb.statuses[status] = (verb.statuses[status] || 0) + 1;
  verb.buckets[Math.min(7, Math.floor(Math.log2(millis + 1)))]++;
}

rounds(30, () => {
  for (let i = 0; i < 80; i++) {
    const request = traffic.request(1e6);
    observe(request.method, request.url, traffic.pick([200, 200, 404]), traffic.int(300));
  }
});

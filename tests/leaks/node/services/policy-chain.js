// culprit: (policies|check|settings)
// kind: closure|listener|forgotten cache/collection
//
// Each change of the settings makes a check of the one before and new limits. The limits are listed
// as well, for a page that shows the latest.
'use strict';

const rounds = require('../rounds');
const traffic = require('../traffic')(229);

const settings = [];
let check = () => true;
let allowed = 0;

function tighten(limits) {
  const previous = check;
  const counts = new Map();
  limits.counts = counts;
  settings.push(limits);
  check = (request, depth = 0) => {
    counts.set(request.method, (counts.get(request.method) || 0) + 1);
    if (depth > 5) return true;
    return request.user < limits.users && previous(request, depth + 1);
  };
}

rounds(24, () => {
  for (let i = 0; i < 50; i++) {
    tighten({ users: 500 - traffic.int(10), paths: traffic.text(6).split(' '), counts: null });
    allowed += check(traffic.request()) ? 1 : 0;
  }
});

// culprit: (hub|target|listeners)
// kind: listener
// needs: node (EventTarget)
//
// Views listen to an EventTarget; removeEventListener is called with a fresh function.
'use strict';

const rounds = require('../rounds');
const traffic = require('../traffic')(225);
require('events').defaultMaxListeners = 0;

const hub = new EventTarget();

class View {
  constructor(id) {
    this.id = id;
    this.rows = traffic.text(10).split(' ').map((word) => ({ word }));
    hub.addEventListener('refresh', this.refresh.bind(this));
  }
  refresh() { this.rows.reverse(); }
  destroy() { hub.removeEventListener('refresh', this.refresh.bind(this)); }
}

rounds(24, (round) => {
  for (let i = 0; i < 40; i++) new View(round * 40 + i).destroy();
});

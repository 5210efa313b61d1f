// culprit: connected\b
// kind: closure|forgotten cache/collection|unneeded reference|listener
//
// Every request waits for a connection that is never made. The promise stays pending, and with it
// everything that was to happen afterwards.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(25);

class Backend {
  constructor(name) {
    this.name = name;
    this.sent = 0;
    this.attempts = 0;
    this.connected = new Promise((resolve) => {
      this.open = resolve;
    });
  }

  tryConnect() {
    // The port is wrong in this environment; whoever noticed would call this.open().
    this.attempts++;
    return this.attempts > 1e9 ? this.open() : false;
  }

  async send(message) {
    await this.connected;
    this.sent++;
    return message.lines.length;
  }
}

const primary = new Backend('primary');
const fallback = { sent: 0, last: new Array(32) };

function forward(request) {
  const message = {
    request,
    lines: Array.from({ length: 8 }, () => traffic.text(6)),
  };
  primary.send(message).then((n) => { fallback.sent -= n; });
  fallback.last[fallback.sent++ % fallback.last.length] = message.lines[0];
}

rounds(30, () => {
  primary.tryConnect();
  for (let i = 0; i < 60; i++) forward(traffic.request());
}).then(() => console.log(`${fallback.sent} by the fallback, ${primary.sent} by ${primary.name}`));

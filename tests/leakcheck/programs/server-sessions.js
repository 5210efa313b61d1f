// expect: leak server.sessions | forgotten cache/collection | server-sessions.js:9
// A plain object used as a dictionary, inside a class instance. Logging out forgets to delete.
'use strict';

class Session { constructor(id) { this.id = id; this.created = Date.now(); this.cart = [id, id + 1, id + 2]; } }

class Server {
  constructor() {
    this.sessions = {};
    this.open = 0;
  }
  login(id) { this.sessions['s' + id] = new Session(id); this.open++; }
  logout(id) { this.open--; }
  handle(id) {
    this.login(id);
    const page = [];
    for (let i = 0; i < 10; i++) page.push('<li>' + (id + i) + '</li>');
    this.logout(id);
    return page.join('').length;
  }
}

const server = new Server();
let next = 0;
let sent = 0;
function tick() {
  for (let i = 0; i < 100; i++) sent += server.handle(next++);
  if (next < 6000) setImmediate(tick);
  else console.log(sent, server.open);
}
tick();

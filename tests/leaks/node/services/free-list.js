// culprit: (free|pool|head)
// kind: forgotten cache/collection|unneeded reference|closure
//
// A free list of parsers: parsers are given back to it but always made anew.
'use strict';

const rounds = require('../rounds');
const traffic = require('../traffic')(226);

class Parser {
  constructor() { this.tokens = []; this.state = { line: 1, column: 1 }; this.nextFree = null; }
  parse(text) { this.tokens = text.split(' ').map((value, at) => ({ value, at })); return this.tokens.length; }
}

const pool = {
  free: null,
  made: 0,
  take() { this.made++; return new Parser(); },
  give(parser) { parser.nextFree = this.free; this.free = parser; },
};

let tokens = 0;
rounds(24, () => {
  for (let i = 0; i < 70; i++) {
    const parser = pool.take();
    tokens += parser.parse(traffic.text(7));
    pool.give(parser);
  }
});

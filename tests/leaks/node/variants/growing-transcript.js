// culprit: transcript\b|^session$
// kind: large object|closure|forgotten cache/collection|unneeded reference
//
// A remote console. Its whole transcript is one string that is only ever appended to: there is no
// container that has more and more entries.
'use strict';
const rounds = require('../rounds');
const random = require('../traffic')(110);

const PROMPT = '> ';

const session = {
  opened: 1,
  transcript: '',
  width: 80,
  history: [],

  print(text) {
    for (let at = 0; at < text.length; at += this.width) {
      this.transcript += `${text.slice(at, at + this.width)}\r\n`;
    }
  },

  tail(lines) {
    return this.transcript.slice(-lines * this.width).split('\r\n').slice(-lines);
  },
};

const commands = {
  list: (count) => Array.from({ length: 4 + (count % 9) }, (_, i) => `${i}\t${random.text(5)}`).join('\n'),
  show: () => random.text(40),
  count: (n) => String(n * 31),
};

let shown = 0;
function type(line) {
  const [name, argument] = line.split(' ');
  session.history.push(line);
  if (session.history.length > 100) session.history.shift();
  session.print(PROMPT + line);
  session.print(commands[name](Number(argument)));
  shown += session.tail(3).length;
}

rounds(30, () => {
  for (let i = 0; i < 60; i++) type(`${random.pick(Object.keys(commands))} ${random.int(100)}`);
}).then(() => console.log(shown, session.transcript.length > 100000));

// culprit: \bprocess\b
// kind: listener
//
// Every worker that is started wants to know about the process's warnings. Workers come and go.
'use strict';

const rounds = require('../rounds');
const random = require('../traffic')(134);

process.setMaxListeners(0);

const Worker = (() => {
  let started = 0;
  return class Worker {
    constructor(plan) {
      this.number = ++started;
      this.plan = plan;
      this.log = [];
      this.stopped = false;
      process.on('warning', (warning) => this.note(warning.message));
    }

    note(line) {
      if (!this.stopped) this.log.push(line);
    }

    run() {
      let sum = 0;
      for (const { cost, name } of this.plan) {
        this.note(`${name} for ${cost}`);
        sum += cost;
      }
      this.stopped = true;
      return sum;
    }

    static get started() {
      return started;
    }
  };
})();

const crew = [];
let spent = 0;

function hire() {
  const plan = Array.from({ length: 18 }, () => ({ name: random.word(), cost: random.int(50) }));
  const worker = new Worker(plan);
  crew.push(worker);
  if (crew.length > 15) crew.shift();
  spent += worker.run();
}

rounds(30, () => {
  for (let i = 0; i < 20; i++) hire();
}).then(() => console.log(spent, Worker.started, crew.length));

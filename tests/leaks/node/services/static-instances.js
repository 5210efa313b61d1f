// culprit: (Job|instances|all)
// kind: forgotten cache/collection
//
// A base class counts its instances, for a debug page, in a static array.
'use strict';

const rounds = require('../rounds');
const traffic = require('../traffic')(211);

class Model {
  static #instances = [];
  static register(instance) { Model.#instances.push(instance); }
  static count() { return Model.#instances.length; }
  constructor() { Model.register(this); }
}

class Job extends Model {
  constructor(name, payload) {
    super();
    this.name = name;
    this.payload = payload;
    this.state = 'new';
  }
  run() { this.state = 'done'; return this.payload.length; }
}

const queue = [];
let work = 0;
rounds(30, () => {
  for (let i = 0; i < 50; i++) queue.push(new Job(traffic.word(), traffic.text(9).split(' ')));
  while (queue.length > 10) work += queue.shift().run();
  if (work === 0) console.log(Model.count());
});

// culprit: settings\b
// kind: listener
// accumulates: function|Function|closure|bound|ImportTask|Object
//
// Short-lived tasks subscribe to a long-lived settings emitter with bound methods. `dispose` binds
// again, so what it takes away was never there.
'use strict';

const { EventEmitter } = require('events');
const rounds = require('./rounds');
const traffic = require('./traffic')(32);

class Settings extends EventEmitter {
  constructor(values) {
    super();
    this.values = values;
    this.revision = 0;
    this.setMaxListeners(Infinity);
  }

  update(change) {
    this.values = { ...this.values, ...change };
    this.revision++;
    this.emit('change', this.values);
  }
}

const settings = new Settings({ batch: 50, region: 'eu', dryRun: false });

class ImportTask {
  constructor(rows) {
    this.rows = rows;
    this.position = 0;
    this.batch = settings.values.batch;
    this.errors = [];
    settings.on('change', this.onChange.bind(this));
  }

  onChange(values) {
    this.batch = values.batch;
  }

  step() {
    const slice = this.rows.slice(this.position, this.position + this.batch);
    for (const row of slice) {
      if (row.fields.length < 3) this.errors.push(row);
    }
    this.position += slice.length;
    return this.position < this.rows.length;
  }

  dispose() {
    settings.off('change', this.onChange.bind(this));
  }
}

const summary = { tasks: 0, rows: 0, steps: 0 };

rounds(30, (round) => {
  for (let i = 0; i < 8; i++) {
    const rows = Array.from({ length: 40 }, (_, line) => ({ line, fields: traffic.text(3).split(' ') }));
    const task = new ImportTask(rows);
    do summary.steps++; while (task.step());
    summary.tasks++;
    summary.rows += task.position;
    task.dispose();
  }
  if (round % 7 === 0) settings.update({ batch: 20 + round });
}).then(() => console.log(JSON.stringify(summary), settings.revision));

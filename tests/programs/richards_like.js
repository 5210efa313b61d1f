// A small operating system: tasks, packets, priorities; and a one-way constraint solver.
const STATE = Object.freeze({RUNNING: 0, WAITING: 1, HELD: 4});
class Packet {
  constructor(link, id, kind) {
    this.link = link;
    this.id = id;
    this.kind = kind;
    this.datum = 0;
    this.data = new Array(4).fill(0);
  }
  append(queue) {
    this.link = null;
    if (!queue) return this;
    let last = queue;
    while (last.link) last = last.link;
    last.link = this;
    return queue;
  }
}
class Task {
  constructor(scheduler, id, priority, queue) {
    Object.assign(
        this, {scheduler, id, priority, queue, state: queue ? STATE.RUNNING : STATE.WAITING, runs: 0});
  }
  take() {
    const packet = this.queue;
    if (packet) this.queue = packet.link;
    return packet;
  }
  get ready() { return !(this.state & STATE.HELD) && (this.state !== STATE.WAITING || this.queue); }
}
class Idle extends Task {
  control = 1;
  left = 1500;
  run() {
    if (this.left-- === 0) return this.scheduler.hold(this);
    const odd = this.control & 1;
    this.control = odd ? (this.control >> 1) ^ 0xd008 : this.control >> 1;
    return this.scheduler.release(odd ? 'deviceB' : 'deviceA');
  }
}
class Device extends Task {
  run() {
    const packet = this.take();
    if (packet) {
      this.held = packet;
      return this.scheduler.hold(this);
    }
    if (!this.held) return this.scheduler.wait(this);
    const sent = this.held;
    this.held = null;
    return this.scheduler.send(sent, 'handler');
  }
}
class Worker extends Task {
  target = 'handlerA';
  letter = 0;
  run() {
    const packet = this.take();
    if (!packet) return this.scheduler.wait(this);
    packet.datum = 0;
    packet.data = packet.data.map(() => {
      this.letter = (this.letter % 26) + 1;
      return 64 + this.letter;
    });
    return this.scheduler.send(packet, 'handler');
  }
}
class Handler extends Task {
  devices = null;
  work = null;
  run() {
    const packet = this.take();
    if (packet) {
      if (packet.kind === 'work')
        this.work = packet.append(this.work);
      else
        this.devices = packet.append(this.devices);
    }
    if (this.work && this.work.datum < 4) {
      if (this.devices) {
        const device = this.devices;
        this.devices = device.link;
        device.datum = this.work.data[this.work.datum++];
        return this.scheduler.send(device, device.id);
      }
    } else if (this.work) {
      const done = this.work;
      this.work = done.link;
      return this.scheduler.send(done, 'worker');
    }
    return this.scheduler.wait(this);
  }
}
class Scheduler {
  tasks = new Map();
  queued = 0;
  holds = 0;
  steps = 0;
  add(Type, id, priority, queue = null) { this.tasks.set(id, new Type(this, id, priority, queue)); }
  hold(task) {
    this.holds++;
    task.state |= STATE.HELD;
  }
  release(id) {
    const t = this.tasks.get(id);
    t.state &= ~STATE.HELD;
  }
  wait(task) { task.state |= STATE.WAITING; }
  send(packet, id) {
    const t = this.tasks.get(id);
    this.queued++;
    t.queue = packet.append(t.queue);
  }
  run() {
    for (;;) {
      let best = null;
      for (const t of this.tasks.values())
        if (t.ready && (!best || t.priority > best.priority)) best = t;
      if (!best) return;
      best.state &= ~STATE.WAITING;
      best.runs++;
      this.steps++;
      best.run();
    }
  }
}
const s = new Scheduler();
const packets = (id, kind, n, rest = null) =>
    (n ? new Packet(packets(id, kind, n - 1, rest), id, kind) : rest);
s.add(Idle, 'idle', 0, new Packet(null, 'x', 'idle'));
s.add(Worker, 'worker', 1000, packets('worker', 'work', 2));
s.add(Handler, 'handler', 2000, packets('deviceA', 'device', 3, packets('deviceB', 'device', 2)));
s.add(Device, 'deviceA', 4000);
s.add(Device, 'deviceB', 5000);
s.run();
console.log(
    {queued: s.queued, holds: s.holds, steps: s.steps},
    [...s.tasks.values()].map((t) => [t.constructor.name, t.id, t.runs]));

// Constraints with strengths, planned in order and executed.
class Variable {
  constructor(name, value) { Object.assign(this, {name, value, constraints: [], mark: 0}); }
}
class Constraint {
  constructor(strength, output, inputs, method) {
    Object.assign(this, {strength, output, inputs, method});
    output.constraints.push(this);
  }
  execute() { this.output.value = this.method(...this.inputs.map((v) => v.value)); }
}
class Planner {
  static #marks = 0;
  static plan(variables) {
    const mark = ++Planner.#marks, order = [];
    const visit = (variable) => {
      if (variable.mark === mark) return;
      variable.mark = mark;
      const strongest =
          variable.constraints.reduce((best, c) => (!best || c.strength > best.strength ? c : best), null);
      if (!strongest) return;
      strongest.inputs.forEach(visit);
      order.push(strongest);
    };
    variables.forEach(visit);
    return order;
  }
}
const chain = Array.from({length: 300}, (_, i) => new Variable(`v${i}`, i));
for (let i = 1; i < chain.length; i++) {
  new Constraint(2, chain[i], [chain[i - 1]], (x) => x + 1);
  new Constraint(1, chain[i], [], () => -1);
}
const plan = Planner.plan(chain);
for (let round = 0; round < 50; round++) {
  chain[0].value = round;
  for (const c of plan) c.execute();
}
console.log(plan.length, chain.at(-1).value, chain[150].value);
const scale = new Variable('scale', 10), offset = new Variable('offset', 1000), sources = [],
      destinations = [];
for (let i = 0; i < 200; i++) {
  sources.push(new Variable(`src${i}`, i));
  destinations.push(new Variable(`dst${i}`, i));
  new Constraint(3, destinations[i], [sources[i], scale, offset], (x, k, o) => x * k + o);
}
const projection = Planner.plan(destinations);
for (let k = 0; k < 20; k++) {
  scale.value = k;
  projection.forEach((c) => c.execute());
}
console.log(
    destinations.map((d) => d.value).reduce((a, b) => a + b), destinations[7].value,
    destinations[0].constraints.length);

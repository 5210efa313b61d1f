// culprit: heap\b
// kind: forgotten cache/collection|closure|listener|unneeded reference
//
// A scheduler on a binary heap. Cancelling only marks a task; marked tasks are dropped when they
// come up, and guards against hanging requests are due in an hour.
'use strict';
var rounds = require('../rounds');
var random = require('../traffic')(103);

function Scheduler() {
  this.heap = [];
  this.now = 0;
  this.ran = 0;
  this.skipped = 0;
}

Scheduler.prototype = {
  constructor: Scheduler,

  at: function (due, action) {
    var task = { due: due, action: action, cancelled: false };
    var heap = this.heap;
    var i = heap.push(task) - 1;
    while (i > 0) {
      var parent = (i - 1) >> 1;
      if (heap[parent].due <= heap[i].due) break;
      var swap = heap[parent];
      heap[parent] = heap[i];
      heap[i] = swap;
      i = parent;
    }
    return function cancel() { task.cancelled = true; };
  },

  pop: function () {
    var heap = this.heap;
    var top = heap[0];
    var last = heap.pop();
    if (heap.length === 0) return top;
    heap[0] = last;
    for (var i = 0; ;) {
      var left = 2 * i + 1, right = left + 1, least = i;
      if (left < heap.length && heap[left].due < heap[least].due) least = left;
      if (right < heap.length && heap[right].due < heap[least].due) least = right;
      if (least === i) return top;
      var swap = heap[least];
      heap[least] = heap[i];
      heap[i] = swap;
      i = least;
    }
  },

  advance: function (to) {
    this.now = to;
    while (this.heap.length && this.heap[0].due <= to) {
      var task = this.pop();
      if (task.cancelled) this.skipped++;
      else { task.action(); this.ran++; }
    }
  },
};

var scheduler = new Scheduler();
var answered = 0, hung = 0;

function fetchPage(request) {
  var state = { request: request, body: random.text(35), retries: [0, 1, 2] };
  var cancel = scheduler.at(scheduler.now + 3600000, function () { hung += state.body.length ? 1 : 0; });
  scheduler.at(scheduler.now + random.int(50), function () { answered++; cancel(); });
}

rounds(30, function (round) {
  for (var i = 0; i < 70; i++) fetchPage(random.request());
  scheduler.advance((round + 1) * 100);
}).then(function () { console.log(answered, hung, scheduler.ran); });

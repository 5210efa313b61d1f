// SPDX-License-Identifier: MIT
'use strict';
// v8: statistics and snapshots of the heap that runs the program.

const binding = require('internal:binding');
const { path_of, system_error } = require('internal:system');

// Spaces that V8 has and this heap does not; empty, in V8's order.
const order = ['read_only_space', 'new_space', 'old_space', 'code_space', 'shared_space',
  'new_large_object_space', 'large_object_space', 'code_large_object_space',
  'shared_large_object_space'];

function getHeapSpaceStatistics() {
  const spaces = binding.heap_space_statistics();
  const known = order.map((space_name) => spaces.find((space) => space.space_name === space_name) ||
    { space_name, space_size: 0, space_used_size: 0, space_available_size: 0, physical_space_size: 0 });
  return known.concat(spaces.filter((space) => !order.includes(space.space_name)));
}

function unsupported(name) {
  return function() {
    throw new Error('v8.' + name + ' is not supported by heaplab run');
  };
}

let snapshot_count = 0;

// Node's name: date, time, process, thread, number.
function default_snapshot_name() {
  const digits = (number, count) => String(number).padStart(count, '0');
  const now = new Date();
  const date = digits(now.getFullYear(), 4) + digits(now.getMonth() + 1, 2) + digits(now.getDate(), 2);
  const time = digits(now.getHours(), 2) + digits(now.getMinutes(), 2) + digits(now.getSeconds(), 2);
  return `Heap.${date}.${time}.${process.pid}.0.${digits(++snapshot_count, 3)}.heapsnapshot`;
}

function writeHeapSnapshot(filename) {
  if (!binding.can_write_heap_snapshot()) unsupported('writeHeapSnapshot')();
  const name = filename === undefined ? default_snapshot_name() : path_of(filename);
  const failure = binding.write_heap_snapshot(name);
  if (failure !== undefined) throw system_error(failure, 'open', name);
  return name;
}

module.exports = {
  getHeapStatistics: () => binding.heap_statistics(),
  getHeapSpaceStatistics,
  getHeapSnapshot: unsupported('getHeapSnapshot'),
  writeHeapSnapshot,
  setFlagsFromString: unsupported('setFlagsFromString'),
  serialize: unsupported('serialize'),
  deserialize: unsupported('deserialize'),
};

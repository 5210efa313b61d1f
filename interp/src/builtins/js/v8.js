// SPDX-License-Identifier: MIT
'use strict';
// v8: statistics of the heap that runs the program.

const binding = require('internal:binding');

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

module.exports = {
  getHeapStatistics: () => binding.heap_statistics(),
  getHeapSpaceStatistics,
  getHeapSnapshot: unsupported('getHeapSnapshot'),
  writeHeapSnapshot: unsupported('writeHeapSnapshot'),
  setFlagsFromString: unsupported('setFlagsFromString'),
  serialize: unsupported('serialize'),
  deserialize: unsupported('deserialize'),
};

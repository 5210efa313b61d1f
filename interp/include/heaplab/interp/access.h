// SPDX-License-Identifier: MIT
#pragma once

#include "heaplab/heap/object.h"

namespace heaplab::interp {

/// Hears of every object that running code uses: reads or writes a property or element of, iterates
/// over, calls, or hands to a call. What a recorder needs to tell data in use from data merely
/// held. While none is attached the run loop does not know of it at all.
class AccessObserver {
 public:
  virtual ~AccessObserver() = default;
  /// May not allocate on the heap.
  virtual void on_access(Object* object) = 0;
};

}  // namespace heaplab::interp

// SPDX-License-Identifier: MIT
#pragma once

#include "heaplab/interp/bytecode.h"
#include "heaplab/interp/value.h"

namespace heaplab::interp {

/// The variables of one scope that closures captured: slot i is the variable scope_->names[i].
class Context : public Object {  // elements: words, length() of them
 public:
  const ScopeInfo* scope_ = nullptr;
  const FunctionTemplate* owner_ = nullptr;  ///< the function the scope is in: for file:line
  Ref<Context> parent_;
  std::uint32_t padding_ = 0;
  Word* slots() { return reinterpret_cast<Word*>(this + 1); }
  const Word* slots() const { return reinterpret_cast<const Word*>(this + 1); }
};
static_assert(sizeof(Context) == 32);

}  // namespace heaplab::interp

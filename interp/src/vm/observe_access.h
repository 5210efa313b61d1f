// SPDX-License-Identifier: MIT
#pragma once

#include "heaplab/interp/access.h"
#include "heaplab/interp/bytecode.h"
#include "heaplab/interp/value.h"

namespace heaplab::interp {

/// Tells the observer which objects the instruction at `pc` is about to use. Moving a value about,
/// comparing it or storing it somewhere is no use of it.
[[gnu::noinline]] inline void observe_access(AccessObserver& observer, const CodeUnit* pc,
                                             const Value* regs) {
  const auto use = [&](const Value& value) {
    if (value.is_reference()) observer.on_access(value.as_reference());
  };
  const auto use_run = [&](CodeUnit base, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) use(regs[base + i]);
  };
  switch (static_cast<Opcode>(*pc)) {
    case Opcode::GetNamed:
    case Opcode::GetKeyed:
    case Opcode::GetMethod:
    case Opcode::GetPrivate:
    case Opcode::GetIterator:
    case Opcode::GetAsyncIterator:
    case Opcode::ForOfNext:
    case Opcode::IteratorStep:
    case Opcode::IteratorRest:
    case Opcode::CopyProperties:
    case Opcode::CopyPropertiesExcept:
    case Opcode::ArraySpread:
    case Opcode::InstanceOf:
      use(regs[pc[2]]);
      break;
    case Opcode::SetNamed:
    case Opcode::SetKeyed:
    case Opcode::SetPrivate:
      use(regs[pc[1]]);
      break;
    case Opcode::DeleteNamed:
    case Opcode::DeleteKeyed:
      use(regs[pc[2]]);
      break;
    case Opcode::In:
    case Opcode::HasPrivate:
      use(regs[pc[2]]);
      use(regs[pc[3]]);
      break;
    case Opcode::Add:
      use(regs[pc[2]]);
      use(regs[pc[3]]);
      break;
    case Opcode::ConcatStrings:
      use_run(pc[2], pc[3]);
      break;
    case Opcode::Call:
    case Opcode::CallUndefined:
    case Opcode::New:
    case Opcode::SuperCall:
      use_run(pc[2], std::size_t{pc[3]} + 2);
      break;
    case Opcode::CallSpread:
    case Opcode::NewSpread:
    case Opcode::SuperCallSpread:
      use_run(pc[2], 3);
      break;
    default:
      break;
  }
}

}  // namespace heaplab::interp

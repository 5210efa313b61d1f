// SPDX-License-Identifier: MIT
#pragma once

#include "heaplab/heap/access_table.h"
#include "heaplab/interp/bytecode.h"
#include "heaplab/interp/value.h"

namespace heaplab::interp {

/// Marks the objects that the instruction at `pc` is about to use: whose property or element it
/// reads or writes, which it iterates over, calls, or hands to a call. Moving a value about,
/// comparing it or storing it somewhere is no use of it.
template <Opcode opcode>
inline void observe_access(AccessTable* table, const CodeUnit* pc, const Value* regs) {
  const auto use = [&](const Value& value) {
    if (value.is_reference()) table->touch(value.as_reference());
  };
  const auto use_run = [&](CodeUnit base, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) use(regs[base + i]);
  };
  if (table == nullptr) return;
  switch (opcode) {
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
    case Opcode::DeleteNamed:
    case Opcode::DeleteKeyed:
      use(regs[pc[2]]);
      break;
    case Opcode::SetNamed:
    case Opcode::SetKeyed:
    case Opcode::SetPrivate:
      use(regs[pc[1]]);
      break;
    case Opcode::In:
    case Opcode::HasPrivate:
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

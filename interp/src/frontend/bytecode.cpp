// SPDX-License-Identifier: MIT
#include "heaplab/interp/bytecode.h"

#include <algorithm>
#include <array>

namespace heaplab::interp {
namespace {

using enum OperandKind;

template <OperandKind... kinds>
struct Operands {
  static constexpr std::array<OperandKind, sizeof...(kinds)> kKinds{kinds...};
};

constexpr OpcodeInfo kInfos[] = {
#define OP(name, ...)                                                                 \
  {#name, Operands<__VA_ARGS__>::kKinds.data(), Operands<__VA_ARGS__>::kKinds.size(), \
   opcode_length(Opcode::name)},
#include "heaplab/interp/opcodes.def"
#undef OP
};

}  // namespace

const OpcodeInfo& opcode_info(Opcode op) { return kInfos[static_cast<std::size_t>(op)]; }

std::uint32_t FunctionTemplate::offset_at(std::uint32_t pc) const {
  const auto after = std::upper_bound(
      positions.begin(), positions.end(), pc,
      [](std::uint32_t value, const PositionEntry& entry) { return value < entry.pc; });
  return after == positions.begin() ? position : std::prev(after)->offset;
}

std::u16string_view FunctionTemplate::error_text(std::uint32_t pc) const {
  const auto found = std::lower_bound(
      error_texts.begin(), error_texts.end(), pc,
      [](const ErrorText& entry, std::uint32_t value) { return entry.pc < value; });
  return found != error_texts.end() && found->pc == pc ? std::u16string_view(found->text)
                                                       : std::u16string_view();
}

}  // namespace heaplab::interp

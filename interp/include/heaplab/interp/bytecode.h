// SPDX-License-Identifier: MIT
// What the compiler hands to the VM: one FunctionTemplate per function in the source. A template
// owns nothing on the guest heap; strings are UTF-16, and the VM interns them when it first
// instantiates the template.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "heaplab/interp/source.h"

namespace heaplab::interp {

/// One unit of code: an opcode or (half of) an operand. See opcodes.def.
using CodeUnit = std::uint16_t;

enum class Opcode : CodeUnit {
#define OP(name, ...) name,
#include "heaplab/interp/opcodes.def"
#undef OP
};

inline constexpr std::size_t kOpcodeCount = 0
#define OP(name, ...) +1
#include "heaplab/interp/opcodes.def"
#undef OP
    ;

enum class OperandKind : std::uint8_t {
  Dst,
  Reg,
  RegIO,
  Base,
  OptReg,
  Name,
  Const32,
  Index,
  Slot,
  Depth,
  Count,
  Imm,
  Int32,
  Flags,
  Cache,
  Jump,
};

/// How many code units an operand of this kind takes.
constexpr std::size_t operand_units(OperandKind kind) {
  return kind == OperandKind::Const32 || kind == OperandKind::Int32 || kind == OperandKind::Jump
             ? 2
             : 1;
}

/// Name and operands of an opcode.
struct OpcodeInfo {
  const char* name;
  const OperandKind* operands;
  std::size_t operand_count;
  std::size_t length;  ///< In units, the opcode included.
};

const OpcodeInfo& opcode_info(Opcode op);

namespace detail {
template <OperandKind... kinds>
struct OperandList {
  static constexpr std::size_t kUnits = 1 + (std::size_t{0} + ... + operand_units(kinds));
};
using enum OperandKind;
inline constexpr std::uint8_t kOpcodeLengths[] = {
#define OP(name, ...) OperandList<__VA_ARGS__>::kUnits,
#include "heaplab/interp/opcodes.def"
#undef OP
};
}  // namespace detail

/// Length of an instruction in units, the opcode included.
constexpr std::size_t opcode_length(Opcode op) {
  return detail::kOpcodeLengths[static_cast<std::size_t>(op)];
}

/// In an OptReg operand: no register.
inline constexpr CodeUnit kNoRegister = 0xFFFF;
/// In an Index operand that may be absent.
inline constexpr CodeUnit kNoIndex = 0xFFFF;

/// Fixed registers of every frame.
inline constexpr CodeUnit kCalleeRegister = 0;
inline constexpr CodeUnit kThisRegister = 1;
inline constexpr CodeUnit kFirstParameterRegister = 2;

/// Reads a two-unit operand.
constexpr std::uint32_t read_u32(const CodeUnit* units) {
  return static_cast<std::uint32_t>(units[0]) | (static_cast<std::uint32_t>(units[1]) << 16);
}
constexpr std::int32_t read_i32(const CodeUnit* units) {
  return static_cast<std::int32_t>(read_u32(units));
}

/// Flags operand of DefineMethod and SetFunctionName.
enum DefineFlags : CodeUnit {
  kDefineValue = 0,
  kDefineGetter = 1,
  kDefineSetter = 2,
  kDefineKindMask = 3,
  kDefineEnumerable = 4,  ///< Object literals; class members are not enumerable.
};

/// Flags operand of DefinePrivate.
enum class PrivateKind : CodeUnit { Field, Method, Getter, Setter };

/// Flags operand of IteratorCall.
enum class IteratorMethod : CodeUnit { Next, Throw, Return };

enum class FunctionKind : std::uint8_t {
  Normal,
  Arrow,
  Method,
  Getter,
  Setter,
  ClassConstructor,
  DerivedConstructor,
  ClassInitializer,  ///< Runs instance field initialisers, or static fields and static blocks.
};

using Constant = std::variant<double, std::u16string>;

struct RegExpLiteral {
  std::u16string pattern;
  std::u16string flags;
};

/// The strings of a tagged template. An invalid escape has no cooked string (undefined).
struct TemplateStrings {
  struct Part {
    bool has_cooked = true;
    std::u16string cooked;
    std::u16string raw;
  };
  std::vector<Part> parts;
};

/// Layout of a Context: slot i holds the variable names[i]. Leak reports print these names.
struct ScopeInfo {
  std::vector<std::u16string> names;
  std::u16string function_name;  ///< Of the function the scope belongs to; may be empty.
  std::uint32_t position = 0;    ///< Source offset of the scope's start.
};

/// Keys an object literal will define, in order (indices into `names`).
struct ObjectHint {
  std::vector<CodeUnit> keys;
};

struct JumpTable {
  std::int32_t min = 0;
  std::vector<std::int32_t> offsets;
};

/// Exceptions thrown by instructions with start <= pc < end go to `handler`, the exception in
/// `exception_register`. Search from the front: inner ranges come first.
struct HandlerRange {
  std::uint32_t start = 0;
  std::uint32_t end = 0;
  std::uint32_t handler = 0;
  CodeUnit exception_register = 0;
};

struct FunctionTemplate {
  std::shared_ptr<const Source> source;
  std::u16string name;
  FunctionKind kind = FunctionKind::Normal;
  bool is_async = false;
  bool is_generator = false;
  bool strict = false;
  bool uses_this = false;       ///< Itself or through an arrow function inside.
  bool is_class_field = false;  ///< kind == ClassInitializer, for instance fields.
  bool has_simple_parameters = true;

  CodeUnit parameter_count = 0;  ///< Declared parameters, rest excluded: r2 .. r2+n-1.
  CodeUnit length = 0;           ///< Function.length.
  CodeUnit register_count = 2;   ///< Including r0 and r1; call windows of callees may reach beyond
                                 ///< only with the callee's own registers.
  CodeUnit rest_register = kNoRegister;
  CodeUnit arguments_register = kNoRegister;
  CodeUnit cache_count = 0;

  std::uint32_t start = 0;  ///< Source range that Function.prototype.toString prints.
  std::uint32_t end = 0;
  std::uint32_t position = 0;  ///< Where a stack frame or an allocation site says it was defined.

  std::vector<CodeUnit> code;
  std::vector<Constant> constants;
  std::vector<std::u16string> names;
  std::vector<RegExpLiteral> regexps;
  std::vector<TemplateStrings> template_objects;
  std::vector<ScopeInfo> scopes;
  std::vector<ObjectHint> object_hints;
  std::vector<JumpTable> jump_tables;
  std::vector<HandlerRange> handlers;
  std::vector<std::unique_ptr<FunctionTemplate>> functions;

  /// Names of the registers that hold variables, for debuggers and leak reports.
  struct RegisterName {
    CodeUnit reg;
    std::u16string name;
  };
  std::vector<RegisterName> register_names;

  bool is_arrow() const { return kind == FunctionKind::Arrow; }
  bool is_class_constructor() const {
    return kind == FunctionKind::ClassConstructor || kind == FunctionKind::DerivedConstructor;
  }
  /// Whether `new f()` is allowed; such functions get a `prototype` object.
  bool is_constructor() const {
    return (kind == FunctionKind::Normal && !is_async && !is_generator) || is_class_constructor();
  }

  /// Source offset of the instruction at `pc` (its first unit), following V8's conventions.
  std::uint32_t offset_at(std::uint32_t pc) const;
  /// Line and column, both from 1, of the instruction at `pc`.
  LineColumn position_at(std::uint32_t pc) const { return source->line_column(offset_at(pc)); }
  /// How V8 would print the operand an error at `pc` is about ("a.b.c", "(intermediate value).x").
  /// Empty if the instruction has none: print the value instead.
  std::u16string_view error_text(std::uint32_t pc) const;

  struct PositionEntry {
    std::uint32_t pc;
    std::uint32_t offset;
  };
  struct ErrorText {
    std::uint32_t pc;
    std::u16string text;
  };
  std::vector<PositionEntry> positions;  ///< Sorted; an entry holds until the next one.
  std::vector<ErrorText> error_texts;    ///< Sorted; exact pcs.
};

}  // namespace heaplab::interp

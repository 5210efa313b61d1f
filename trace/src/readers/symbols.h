// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace heaplab::trace {

/// A function and where in its source.
struct Symbol {
  std::string function;
  std::string file;
  std::uint32_t line = 0;
};

/// Finds names for addresses in executables and libraries of this machine: in their symbol tables,
/// and in debug information where it is installed. A file that is missing or has other segments
/// than the recording says (it was built again since) names nothing.
class Symbols {
 public:
  Symbols();
  ~Symbols();
  Symbols(const Symbols&) = delete;
  Symbols& operator=(const Symbols&) = delete;

  /// What addresses count from: where the system put address 0 of the file, or where its first
  /// segment begins (not the same in executables that are not position-independent).
  enum class Base : bool { load, first_segment };
  using Segments = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

  /// Innermost first: the function the address is in, then those it was inlined into. Empty if
  /// nothing is known. `address` counts from `base`; no segments: not
  /// compared.
  std::vector<Symbol> find(const std::string& module, const Segments& segments,
                           std::uint64_t address, Base base = Base::load);

  std::uint64_t found() const { return found_; }
  std::uint64_t asked() const { return asked_; }

 private:
  class Module;
  std::map<std::string, std::unique_ptr<Module>> modules_;
  std::uint64_t found_ = 0;
  std::uint64_t asked_ = 0;
};

/// "libc.so.6+0x25388": what an address is called when it has no name.
std::string unnamed(const std::string& module, std::uint64_t address);
/// How many addresses have names, for info "symbols".
std::string symbols_text(const Symbols& symbols);
/// As a C++ programmer writes it.
std::string demangle(const char* name);

}  // namespace heaplab::trace

// SPDX-License-Identifier: MIT
#include "symbols.h"

#include <cxxabi.h>
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cstdlib>

namespace heaplab::trace {

std::string demangle(const char* name) {
  if (name[0] != '_' || name[1] != 'Z') return name;
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> text(
      abi::__cxa_demangle(name, nullptr, nullptr, &status), &std::free);
  return text ? text.get() : name;
}

std::string unnamed(const std::string& module, std::uint64_t address) {
  return fmt::format("{}+{:#x}", module.substr(module.rfind('/') + 1), address);
}

std::string symbols_text(const Symbols& symbols) {
  if (symbols.asked() == 0) return "none asked for";
  return fmt::format("{} of {} addresses have names, from the files on this machine",
                     symbols.found(), symbols.asked());
}

namespace {

const Dwfl_Callbacks callbacks = {.find_elf = dwfl_build_id_find_elf,
                                  .find_debuginfo = dwfl_standard_find_debuginfo,
                                  .section_address = dwfl_offline_section_address,
                                  .debuginfo_path = nullptr};

/// A recording may name anything: only ordinary files are opened.
bool is_ordinary_file(const std::string& path) {
  struct stat status {};
  return path.starts_with('/') && stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

std::string name_of(Dwarf_Die* function) {
  Dwarf_Attribute attribute;
  for (const unsigned name : {unsigned{DW_AT_linkage_name}, unsigned{DW_AT_MIPS_linkage_name}}) {
    if (dwarf_attr_integrate(function, name, &attribute) == nullptr) continue;
    if (const char* text = dwarf_formstring(&attribute)) return demangle(text);
  }
  const char* text = dwarf_diename(function);
  return text == nullptr ? std::string() : text;
}

bool is_function(Dwarf_Die* die) {
  const int tag = dwarf_tag(die);
  return tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine;
}

/// Where an inlined function was called.
void read_call(Dwarf_Die* unit, Dwarf_Die* function, Symbol& caller) {
  Dwarf_Attribute attribute;
  Dwarf_Word value = 0;
  if (dwarf_attr(function, DW_AT_call_line, &attribute) != nullptr &&
      dwarf_formudata(&attribute, &value) == 0) {
    caller.line = static_cast<std::uint32_t>(value);
  }
  Dwarf_Files* files = nullptr;
  if (dwarf_attr(function, DW_AT_call_file, &attribute) != nullptr &&
      dwarf_formudata(&attribute, &value) == 0 && dwarf_getsrcfiles(unit, &files, nullptr) == 0) {
    const char* file = dwarf_filesrc(files, value, nullptr, nullptr);
    if (file != nullptr) caller.file = file;
  }
}

}  // namespace

class Symbols::Module {
 public:
  Module(const std::string& path, const Segments& segments) {
    if (!is_ordinary_file(path)) return;
    dwfl_.reset(dwfl_begin(&callbacks));
    if (!dwfl_) return;
    dwfl_report_begin(dwfl_.get());
    module_ = dwfl_report_elf(dwfl_.get(), path.c_str(), path.c_str(), -1, 0, false);
    dwfl_report_end(dwfl_.get(), nullptr, nullptr);
    if (module_ != nullptr && !has_segments(segments)) module_ = nullptr;
  }

  std::vector<Symbol> find(std::uint64_t address, Base base) {
    std::vector<Symbol> result;
    if (module_ == nullptr) return result;
    if (base == Base::first_segment) address += first_segment_;
    GElf_Addr main_bias = 0;
    dwfl_module_getelf(module_, &main_bias);
    address += main_bias;
    find_by_debug_information(address, result);
    if (!result.empty()) return result;
    if (const char* name = dwfl_module_addrname(module_, address)) {
      result.push_back({demangle(name), std::string(), 0});
    }
    return result;
  }

 private:
  struct End {
    void operator()(Dwfl* dwfl) const { dwfl_end(dwfl); }
  };

  bool has_segments(const Segments& segments) {
    GElf_Addr bias = 0;
    Elf* elf = dwfl_module_getelf(module_, &bias);
    std::size_t count = 0;
    if (elf == nullptr || elf_getphdrnum(elf, &count) != 0) return false;
    Segments own;
    for (std::size_t i = 0; i < count; ++i) {
      GElf_Phdr header;
      if (gelf_getphdr(elf, static_cast<int>(i), &header) == nullptr) return false;
      if (header.p_type == PT_LOAD) own.emplace_back(header.p_vaddr, header.p_memsz);
    }
    if (!own.empty()) first_segment_ = own.front().first & ~std::uint64_t{0xfff};
    return segments.empty() || own == segments;
  }

  void find_by_debug_information(std::uint64_t address, std::vector<Symbol>& result) {
    Dwarf_Addr bias = 0;
    Dwarf_Die* unit = dwfl_module_addrdie(module_, address, &bias);
    if (unit == nullptr) return;
    Dwarf_Die* scopes = nullptr;
    const int found = dwarf_getscopes(unit, address - bias, &scopes);
    if (found <= 0) return;
    const std::unique_ptr<Dwarf_Die, decltype(&std::free)> guard(scopes, &std::free);
    Dwarf_Die* innermost = scopes;
    // The scopes of an abstract function follow those of the place it was inlined into; the way up
    // from the innermost die is the way of inlining.
    Dwarf_Die* chain = nullptr;
    const int depth = dwarf_getscopes_die(innermost, &chain);
    const std::unique_ptr<Dwarf_Die, decltype(&std::free)> chain_guard(chain, &std::free);
    Symbol symbol;
    read_line(address, symbol);
    for (int i = 0; i < depth; ++i) {
      if (!is_function(&chain[i])) continue;
      symbol.function = name_of(&chain[i]);
      if (symbol.function.empty()) break;
      result.push_back(symbol);
      if (dwarf_tag(&chain[i]) == DW_TAG_subprogram) break;
      symbol = Symbol();
      read_call(unit, &chain[i], symbol);
    }
  }

  void read_line(std::uint64_t address, Symbol& symbol) {
    Dwfl_Line* line = dwfl_module_getsrc(module_, address);
    int number = 0;
    const char* file = line == nullptr
                           ? nullptr
                           : dwfl_lineinfo(line, nullptr, &number, nullptr, nullptr, nullptr);
    if (file == nullptr) return;
    symbol.file = file;
    symbol.line = static_cast<std::uint32_t>(number < 0 ? 0 : number);
  }

  std::unique_ptr<Dwfl, End> dwfl_;
  Dwfl_Module* module_ = nullptr;
  std::uint64_t first_segment_ = 0;
};

Symbols::Symbols() = default;
Symbols::~Symbols() = default;

std::vector<Symbol> Symbols::find(const std::string& module, const Segments& segments,
                                  std::uint64_t address, Base base) {
  std::unique_ptr<Module>& entry = modules_[module];
  if (!entry) entry = std::make_unique<Module>(module, segments);
  std::vector<Symbol> result = entry->find(address, base);
  ++asked_;
  found_ += result.empty() ? 0 : 1;
  return result;
}

}  // namespace heaplab::trace

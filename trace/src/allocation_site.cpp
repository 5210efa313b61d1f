// SPDX-License-Identifier: MIT
#include "heaplab/trace/allocation_site.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace heaplab::trace {
namespace {

/// Where the parameters of a function begin: the last "(" that is not inside brackets, and not the
/// one of "operator()" or "(anonymous namespace)".
std::size_t end_of_name(std::string_view text) {
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (text.substr(i).starts_with("(anonymous namespace)")) {
      i += std::string_view("(anonymous namespace)").size() - 1;
      continue;
    }
    if (text.substr(0, i).ends_with("operator") && (c == '<' || c == '>' || c == '(')) {
      const std::size_t closing = text.find_first_of(c == '(' ? ")" : "(", i);
      i = closing == std::string_view::npos ? text.size() : c == '(' ? closing : closing - 1;
      continue;
    }
    if (c == '<' || c == '{') ++depth;
    if (c == '>' || c == '}') --depth;
    if (c == '(' && depth == 0) return i;
  }
  return text.size();
}

std::string without_brackets(std::string_view text) {
  std::string result;
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool shifts = result.ends_with("operator<") && text[i] == '<' && text[i - 1] == '<';
    const bool after_operator = depth == 0 && (result.ends_with("operator") || shifts);
    if (text[i] == '<' && !after_operator) ++depth;
    if (depth == 0) result += text[i];
    if (text[i] == '>' && depth > 0) --depth;
  }
  return result;
}

constexpr std::array folders_of_glibc = {
    "./malloc/",       "./string/",  "./stdlib/", "./libio/", "./elf/",    "./csu/",    "./nptl/",
    "./locale/",       "./intl/",    "./posix/",  "./time/",  "./misc/",   "./wcsmbs/", "./io/",
    "./stdio-common/", "./sysdeps/", "./dlfcn/",  "./iconv/", "./resolv/", "./nss/",    "./inet/"};

bool is_source_of_library(std::string_view file) {
  if (file.find("/include/c++/") != std::string_view::npos) return true;
  if (file.starts_with("../")) file.remove_prefix(1);  // "../csu/x.c" is "./csu/x.c"
  return std::any_of(folders_of_glibc.begin(), folders_of_glibc.end(),
                     [&](const char* folder) { return file.starts_with(folder); });
}

bool is_system_library(std::string_view module) {
  const bool system = module.starts_with("/lib") || module.starts_with("/usr/lib");
  return (system && module.find(".so") != std::string_view::npos) ||
         module.starts_with("linux-vdso");
}

/// The C and C++ libraries among them.
bool is_library_of_language(std::string_view module) {
  constexpr std::array names = {"libc.so",   "libc-2.",  "libstdc++.so", "libc++.so",
                                "libgcc_s.", "ld-linux", "libpthread",   "linux-vdso"};
  const std::string_view name = module.substr(module.rfind('/') + 1);
  return std::any_of(names.begin(), names.end(),
                     [&](const char* known) { return name.starts_with(known); });
}

/// A name there means what the program's author says it does.
bool is_script(std::string_view file) {
  constexpr std::array endings = {".js", ".mjs", ".cjs", ".ts", ".jsx", ".java", ".py"};
  return file.starts_with("node:") ||
         std::any_of(endings.begin(), endings.end(),
                     [&](const char* ending) { return file.ends_with(ending); });
}

}  // namespace

std::string short_name(const std::string& function) {
  std::string name = without_brackets(std::string_view(function).substr(0, end_of_name(function)));
  // A template's name begins with what it returns.
  const std::size_t operator_at = name.find("operator");
  const std::string_view before = std::string_view(name).substr(
      0, operator_at == std::string::npos ? name.size() : operator_at);
  std::size_t space = before.rfind(' ');
  while (space != std::string_view::npos && before.substr(0, space).ends_with("(anonymous")) {
    space = space == 0 ? std::string_view::npos : before.rfind(' ', space - 1);
  }
  if (space != std::string_view::npos) name.erase(0, space + 1);
  while (name.ends_with(' ')) name.pop_back();
  return name.empty() ? function : name;
}

bool is_standard_library(const std::string& name) {
  constexpr std::array spaces = {"std::",           "__gnu_cxx::", "operator new",
                                 "operator delete", "__cxa_",      "__cxxabiv1::"};
  return std::any_of(spaces.begin(), spaces.end(),
                     [&](const char* space) { return name.starts_with(space); });
}

bool is_allocator(const std::string& name) {
  std::string last = name.substr(name.rfind(':') == std::string::npos ? 0 : name.rfind(':') + 1);
  std::transform(last.begin(), last.end(), last.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  constexpr std::array endings = {"malloc",  "calloc", "realloc",  "reallocarray", "strdup",
                                  "strndup", "memdup", "allocate", "memalign",     "alloc"};
  return std::any_of(endings.begin(), endings.end(),
                     [&](const char* ending) { return last.ends_with(ending); });
}

FunctionRole role_of(const std::string& function, const std::string& file,
                     const std::string& module) {
  if (is_script(file)) return FunctionRole::program;
  const std::string name = short_name(function);
  if (is_standard_library(name) || is_source_of_library(file) || is_library_of_language(module) ||
      is_library_of_language(file)) {
    return FunctionRole::language;
  }
  if (is_system_library(module) || is_system_library(file)) return FunctionRole::library;
  return is_allocator(name) ? FunctionRole::allocator : FunctionRole::program;
}

FrameId SiteFinder::site(StackId stack) {
  if (stack >= sites_.size()) sites_.resize(tables_.stacks.size(), unknown);
  FrameId& site = sites_[stack];
  if (site == unknown) site = find(stack);
  return site;
}

FrameId SiteFinder::find(StackId stack) {
  const FrameId innermost = tables_.stacks[stack].frame;
  for (; stack != 0; stack = tables_.stacks[stack].parent) {
    const FrameId frame = tables_.stacks[stack].frame;
    if (!hands_memory_out(frame)) return frame;
  }
  return innermost;
}

bool SiteFinder::hands_memory_out(FrameId id) {
  enum : char { unseen, no, yes };
  if (id >= hands_out_.size()) hands_out_.resize(tables_.frames.size(), unseen);
  char& known = hands_out_[id];
  if (known == unseen) {
    const Frame& frame = tables_.frames[id];
    known = trace::hands_memory_out(
                role_of(tables_.text(frame.function), tables_.text(frame.file), tables_.module(id)))
                ? yes
                : no;
  }
  return known == yes;
}

}  // namespace heaplab::trace

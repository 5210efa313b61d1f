// SPDX-License-Identifier: MIT
#include "functions.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace heaplab::leakcheck::native {
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

const std::vector<Functions::Call>& Functions::calls(trace::StackId stack) {
  calls_.clear();
  for (; stack != 0; stack = tables_.stacks[stack].parent) {
    const trace::FrameId frame = tables_.stacks[stack].frame;
    const FunctionId function = function_of(frame);
    const bool known = std::any_of(calls_.begin(), calls_.end(),
                                   [&](const Call& call) { return call.function == function; });
    if (!known) calls_.push_back({function, frame, role_of_frame_[frame]});
  }
  return calls_;
}

FunctionId Functions::function_of(trace::FrameId frame) {
  if (frame >= function_of_frame_.size()) {
    function_of_frame_.resize(tables_.frames.size());
    role_of_frame_.resize(tables_.frames.size());
  }
  FunctionId& entry = function_of_frame_[frame];
  if (entry != 0) return entry - 1;
  const std::string name = short_name(tables_.text(tables_.frames[frame].function));
  const auto [known, is_new] = ids_.try_emplace(name, static_cast<FunctionId>(names_.size()));
  if (is_new) names_.push_back(name);
  role_of_frame_[frame] = role_of(frame);
  entry = known->second + 1;
  return known->second;
}

Role Functions::role_of(trace::FrameId id) const {
  const trace::Frame& frame = tables_.frames[id];
  const std::string name = short_name(tables_.text(frame.function));
  if (is_standard_library(name) || is_source_of_library(tables_.text(frame.file)) ||
      is_system_library(tables_.module(id)) || is_system_library(tables_.text(frame.file))) {
    return Role::library;
  }
  return is_allocator(name) ? Role::allocator : Role::program;
}

}  // namespace heaplab::leakcheck::native

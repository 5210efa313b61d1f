// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "heaplab/heap/roots.h"
#include "heaplab/interp/object.h"
#include "heaplab/interp/runtime.h"
#include "regexp/pattern.h"
#include "regexp/program.h"

struct pcre2_real_code_16;

namespace heaplab::interp::builtins {

struct CompiledPattern {
  CompiledPattern() = default;
  ~CompiledPattern();
  CompiledPattern(const CompiledPattern&) = delete;
  CompiledPattern& operator=(const CompiledPattern&) = delete;

  pcre2_real_code_16* code = nullptr;  ///< null: `program` does the work
  regexp::Program program;
  std::uint32_t group_count = 0;
  std::vector<std::pair<std::u16string, std::uint32_t>> names;
};

class JSRegExp : public JSObject {
 public:
  Ref<String> source_;
  Ref<String> flags_;
  std::uint32_t flag_bits_ = 0;
  std::uint32_t generation_ = 0;  ///< of the cache that owns compiled_
  const CompiledPattern* compiled_ = nullptr;
};

/// Start and end of the match (0, 1) and of each group (2n, 2n+1); no_match where a group took no
/// part.
struct MatchResult {
  static constexpr std::size_t no_match = ~std::size_t{0};
  std::vector<std::size_t> bounds;
  bool matched() const { return !bounds.empty(); }
  std::size_t start() const { return bounds[0]; }
  std::size_t end() const { return bounds[1]; }
};

/// Compiled patterns of one runtime, and the last subject in UTF-16.
class RegExpEngine : public WeakRootProvider {
 public:
  explicit RegExpEngine(Runtime& runtime);
  ~RegExpEngine() override;

  /// Throws a guest SyntaxError.
  const CompiledPattern* compile(std::u16string_view source, std::uint32_t flags);
  std::uint32_t generation() const { return generation_; }
  /// Never collects unless it throws (a pattern that backtracks without end).
  /// `searching`: the y flag does not tie the match to `start` (split).
  MatchResult match(JSRegExp* regexp, String* flat_text, std::size_t start, bool searching = false);

  void process_weak_roots(const Liveness& liveness) override;

 private:
  std::u16string_view subject(String* flat_text);
  [[noreturn]] void throw_too_complex(const JSRegExp* regexp, const std::string& why);

  Runtime& runtime_;
  std::unordered_map<std::u16string, std::unique_ptr<CompiledPattern>> patterns_;
  std::uint32_t generation_ = 1;
  String* widened_ = nullptr;  ///< whose characters widened_text_ holds; weak
  std::u16string widened_text_;
};

RegExpEngine& regexp_engine(Runtime& runtime);

JSRegExp* this_regexp(Runtime& runtime, const Arguments& args, const char* method);
/// lastIndex, as an integer. Runs guest code.
double last_index(Runtime& runtime, JSRegExp* regexp);
void set_last_index(Runtime& runtime, JSRegExp* regexp, double index);
/// RegExpBuiltinExec without making the result: honours and updates lastIndex.
MatchResult exec_raw(Runtime& runtime, const Rooted<JSRegExp>& regexp, const Rooted<String>& text);
/// The array that exec() returns. May collect.
Value match_array(Runtime& runtime, const Rooted<JSRegExp>& regexp, const Rooted<String>& text,
                  const MatchResult& match);
std::size_t advance_index(std::u16string_view text, std::size_t index, bool unicode);

void install_regexp_symbols(Runtime& runtime, JSObject* prototype);

}  // namespace heaplab::interp::builtins

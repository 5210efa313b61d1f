// SPDX-License-Identifier: MIT
#define PCRE2_CODE_UNIT_WIDTH 16
#include <pcre2.h>

#include "heaplab/interp/source.h"
#include "regexp.h"
#include "regexp/matcher.h"
#include "regexp/translate.h"
#include "support.h"

namespace heaplab::interp::builtins {

namespace {

// Steps one match may take: some seconds of hopeless backtracking.
constexpr std::uint32_t match_limit = 200'000'000;
// More patterns than any sane program makes; then the cache starts anew.
constexpr std::size_t most_patterns = 5000;

// Match state shared by all matches of a thread.
struct MatchContext {
  MatchContext()
      : context(pcre2_match_context_create_16(nullptr)),
        stack(pcre2_jit_stack_create_16(64 * 1024, 16 * 1024 * 1024, nullptr)) {
    pcre2_set_match_limit_16(context, match_limit);
    pcre2_set_heap_limit_16(context, 256 * 1024);  // KiB
    if (stack) pcre2_jit_stack_assign_16(context, nullptr, stack);
  }
  ~MatchContext() {
    if (stack) pcre2_jit_stack_free_16(stack);
    pcre2_match_context_free_16(context);
  }
  MatchContext(const MatchContext&) = delete;
  MatchContext& operator=(const MatchContext&) = delete;

  pcre2_match_context_16* context;
  pcre2_jit_stack_16* stack;
};

MatchContext& match_context() {
  static thread_local MatchContext context;
  return context;
}

std::uint32_t options_of(std::uint32_t flags, const regexp::TranslatedPattern& pattern) {
  std::uint32_t options =
      PCRE2_DOTALL | PCRE2_MATCH_UNSET_BACKREF | PCRE2_NEVER_BACKSLASH_C | PCRE2_DOLLAR_ENDONLY;
  if (flags & kIgnoreCase) options |= PCRE2_CASELESS;
  if (flags & kUnicode) options |= PCRE2_UTF | PCRE2_MATCH_INVALID_UTF;
  if (pattern.needs_unicode_tables) options |= PCRE2_UCP;
  return options;
}

std::string pcre_message(int code) {
  char16_t buffer[256];
  const int length =
      pcre2_get_error_message_16(code, reinterpret_cast<PCRE2_UCHAR16*>(buffer), std::size(buffer));
  if (length < 0) return "not supported by heaplab run";
  return utf16_to_utf8(std::u16string_view(buffer, static_cast<std::size_t>(length))) +
         " (not supported by heaplab run)";
}

PCRE2_SPTR16 units(std::u16string_view text) {
  // PCRE2 refuses a null subject even of length 0.
  static constexpr char16_t empty[] = u"";
  return reinterpret_cast<PCRE2_SPTR16>(text.data() ? text.data() : empty);
}

}  // namespace

CompiledPattern::~CompiledPattern() {
  if (code) pcre2_code_free_16(code);
}

RegExpEngine::RegExpEngine(Runtime& runtime) : runtime_(runtime) {
  runtime.heap().add_weak_root_provider(this);
}
RegExpEngine::~RegExpEngine() { runtime_.heap().remove_weak_root_provider(this); }

void RegExpEngine::process_weak_roots(const Liveness& liveness) {
  if (widened_) widened_ = static_cast<String*>(liveness.survivor(widened_));
}

namespace {

// PCRE2's machine code where it finds what JavaScript finds, else a program for our own matcher.
void compile_to_code(const regexp::Pattern& pattern, CompiledPattern& compiled) {
  const regexp::TranslatedPattern translated = regexp::translate(pattern);
  int error = 0;
  PCRE2_SIZE offset = 0;
  compiled.code = pcre2_compile_16(units(translated.text), translated.text.size(),
                                   options_of(pattern.flags, translated), &error, &offset, nullptr);
  if (!compiled.code) throw regexp::PatternError{pcre_message(error)};
  pcre2_jit_compile_16(compiled.code, PCRE2_JIT_COMPLETE);  // without it matching is only slower
}

std::unique_ptr<CompiledPattern> compile_pattern(std::u16string_view source, std::uint32_t flags) {
  regexp::Pattern pattern = regexp::parse_pattern(source, flags);
  regexp::check_properties(*pattern.root);
  auto compiled = std::make_unique<CompiledPattern>();
  compiled->group_count = pattern.group_count;
  if (regexp::pcre2_agrees(pattern)) {
    compile_to_code(pattern, *compiled);
  } else {
    compiled->program = regexp::compile_program(pattern);
  }
  compiled->names = std::move(pattern.names);
  return compiled;
}

}  // namespace

const CompiledPattern* RegExpEngine::compile(std::u16string_view source, std::uint32_t flags) {
  // Flags that do not change the compiled form are left out of the key.
  const std::uint32_t relevant = flags & (kIgnoreCase | kMultiline | kDotAll | kUnicode);
  std::u16string key(1, static_cast<char16_t>(relevant));
  key += source;
  if (const auto found = patterns_.find(key); found != patterns_.end()) return found->second.get();
  std::unique_ptr<CompiledPattern> compiled;
  std::string refused;
  try {
    compiled = compile_pattern(source, flags);
  } catch (const regexp::PatternError& error) {
    refused = regexp::invalid_pattern_message(source, flags, error.message);
  }
  if (!compiled) throw_error(runtime_, ErrorKind::SyntaxError, refused);
  if (patterns_.size() >= most_patterns) {
    patterns_.clear();
    ++generation_;
  }
  return patterns_.emplace(std::move(key), std::move(compiled)).first->second.get();
}

std::u16string_view RegExpEngine::subject(String* flat_text) {
  const FlatChars chars = flat_chars(flat_text);
  if (!chars.is_latin1()) return chars.utf16();
  if (widened_ != flat_text) {
    const auto bytes = chars.latin1();
    widened_text_.assign(bytes.begin(), bytes.end());
    widened_ = flat_text;
  }
  return widened_text_;
}

MatchResult RegExpEngine::match(JSRegExp* regexp, String* flat_text, std::size_t start,
                                bool searching) {
  if (regexp->generation_ != generation_) {
    // The cache was emptied since; this compiles without touching the heap, it was valid before.
    regexp->compiled_ = compile(to_utf16(regexp->source_.get()), regexp->flag_bits_);
    regexp->generation_ = generation_;
  }
  const CompiledPattern* pattern = regexp->compiled_;
  const std::u16string_view text = subject(flat_text);
  const bool anchored = (regexp->flag_bits_ & kSticky) && !searching;
  MatchResult result;
  if (!pattern->code) {
    const auto outcome =
        regexp::run_program(pattern->program, text, start, anchored, result.bounds);
    if (outcome == regexp::Outcome::too_complex) throw_too_complex(regexp, "match limit exceeded");
    return result;
  }
  pcre2_match_data_16* data = pcre2_match_data_create_from_pattern_16(pattern->code, nullptr);
  const int count = pcre2_match_16(pattern->code, units(text), text.size(), start,
                                   anchored ? PCRE2_ANCHORED : 0, data, match_context().context);
  if (count > 0) {
    const PCRE2_SIZE* bounds = pcre2_get_ovector_pointer_16(data);
    result.bounds.assign(2 * (std::size_t{pattern->group_count} + 1), MatchResult::no_match);
    for (std::size_t i = 0; i < 2 * static_cast<std::size_t>(count); ++i) {
      result.bounds[i] = bounds[i] == PCRE2_UNSET ? MatchResult::no_match : bounds[i];
    }
  }
  pcre2_match_data_free_16(data);
  if (count < 0 && count != PCRE2_ERROR_NOMATCH) throw_too_complex(regexp, pcre_message(count));
  return result;
}

void RegExpEngine::throw_too_complex(const JSRegExp* regexp, const std::string& why) {
  throw_error(runtime_, ErrorKind::Error,
              "Regular expression too complex for this text: /" + to_utf8(regexp->source_.get()) +
                  "/ (" + why + ")");
}

RegExpEngine& regexp_engine(Runtime& runtime) { return runtime.state<RegExpEngine>(runtime); }

}  // namespace heaplab::interp::builtins

// SPDX-License-Identifier: MIT
// RegExp.prototype[Symbol.match], [Symbol.replace] and the others that String's methods call.
#include "collections.h"
#include "regexp.h"
#include "string.h"
#include "support.h"

namespace heaplab::interp::builtins {

namespace {

// `this` and the text argument, both rooted.
struct Subject {
  Subject(Runtime& runtime, Arguments& args, const char* method)
      : regexp(runtime, this_regexp(runtime, args, method)), text(runtime) {
    text = to_string(runtime, args[0]);
    text = flatten(runtime, text.get());
  }
  bool has(RegExpFlag flag) const { return regexp->flag_bits_ & flag; }

  Rooted<JSRegExp> regexp;
  Rooted<String> text;
};

// Calls `visit(match)` for the first match, or with the g flag for each. `visit` may collect.
template <class Visit>
void for_each_match(Runtime& runtime, const Subject& subject, Visit&& visit) {
  if (!subject.has(kGlobal)) {
    const MatchResult match = exec_raw(runtime, subject.regexp, subject.text);
    if (match.matched()) visit(match);
    return;
  }
  set_last_index(runtime, subject.regexp.get(), 0);
  while (true) {
    const MatchResult match = exec_raw(runtime, subject.regexp, subject.text);
    if (!match.matched()) return;
    if (match.end() == match.start()) {
      const auto at = static_cast<std::size_t>(last_index(runtime, subject.regexp.get()));
      const std::u16string around =
          subject.has(kUnicode) && at < subject.text->length()
              ? to_utf16(
                    substring(runtime, subject.text.get(), static_cast<std::uint32_t>(at),
                              std::min(subject.text->length(), static_cast<std::uint32_t>(at) + 2)))
              : std::u16string();
      const std::size_t step = around.empty() ? 1 : advance_index(around, 0, true);
      set_last_index(runtime, subject.regexp.get(), static_cast<double>(at + step));
    }
    visit(match);
  }
}

Value matched_text(Runtime& runtime, const Subject& subject, const MatchResult& match) {
  return substring(runtime, subject.text.get(), static_cast<std::uint32_t>(match.start()),
                   static_cast<std::uint32_t>(match.end()));
}

Value regexp_match(Runtime& runtime, Arguments& args) {
  Subject subject(runtime, args, "RegExp.prototype.@@match");
  if (!subject.has(kGlobal)) {
    const MatchResult match = exec_raw(runtime, subject.regexp, subject.text);
    if (!match.matched()) return Value::null();
    return match_array(runtime, subject.regexp, subject.text, match);
  }
  RootedValues found(runtime);
  for_each_match(runtime, subject, [&](const MatchResult& match) {
    found.push_back(matched_text(runtime, subject, match));
  });
  if (found.empty()) return Value::null();
  return array_of(runtime, found);
}

// All matches are found at once; the iterator hands them out.
Value regexp_match_all(Runtime& runtime, Arguments& args) {
  Subject subject(runtime, args, "RegExp.prototype.@@matchAll");
  const double start = last_index(runtime, subject.regexp.get());
  const Value with[] = {subject.regexp.value()};
  RootedValue copy(runtime,
                   construct(runtime, Value(runtime.intrinsic(Intrinsic::RegExpConstructor)),
                             std::span<const Value>(with, 1)));
  RootedValue original(runtime, subject.regexp.value());
  subject.regexp = copy.get().as<JSRegExp>();
  set_last_index(runtime, subject.regexp.get(), start);
  RootedValues found(runtime);
  const auto add = [&](const MatchResult& match) {
    found.push_back(match_array(runtime, subject.regexp, subject.text, match));
  };
  if (start == 0 || !subject.has(kGlobal)) {
    for_each_match(runtime, subject, add);
  } else {
    // A start other than 0 only matters here, so this case steps by hand.
    while (true) {
      const MatchResult match = exec_raw(runtime, subject.regexp, subject.text);
      if (!match.matched()) break;
      if (match.end() == match.start()) {
        set_last_index(runtime, subject.regexp.get(), static_cast<double>(match.end() + 1));
      }
      add(match);
    }
  }
  RootedValue list(runtime, Value(array_of(runtime, found)));
  return new_collection_iterator(runtime, IteratorKind::list, list,
                                 runtime.intrinsic(Intrinsic::RegExpStringIteratorPrototype));
}

Value regexp_search(Runtime& runtime, Arguments& args) {
  Subject subject(runtime, args, "RegExp.prototype.@@search");
  const MatchResult match =
      regexp_engine(runtime).match(subject.regexp.get(), subject.text.get(), 0);
  if (!match.matched()) return Value::integer(-1);
  return Value::number(static_cast<std::uint64_t>(match.start()));
}

// ---- replace

class Replacer {
 public:
  Replacer(Runtime& runtime, Arguments& args, const Subject& subject)
      : runtime_(runtime), args_(args), subject_(subject), text_(to_utf16(subject.text.get())) {
    if (!args[1].is_callable()) pattern_ = to_utf16(to_string(runtime, args[1]));
  }

  void add(const MatchResult& match) {
    out_ += std::u16string_view(text_).substr(done_, match.start() - done_);
    if (args_[1].is_callable()) {
      call_function(match);
    } else if (pattern_.find(u'$') == std::u16string::npos) {
      out_ += pattern_;
    } else {
      expand(match);
    }
    done_ = match.end();
    if (out_.size() > max_string_length) throw_range_error(runtime_, "Invalid string length");
  }

  Value finish() {
    if (done_ == 0 && out_.empty()) return subject_.text.value();
    out_ += std::u16string_view(text_).substr(done_);
    return new_string(runtime_, out_);
  }

 private:
  void call_function(const MatchResult& match) {
    RootedValue result(runtime_, match_array(runtime_, subject_.regexp, subject_.text, match));
    RootedValues values(runtime_);
    const std::uint32_t count = result.get().as_object()->length_;
    for (std::uint32_t i = 0; i < count; ++i) {
      values.push_back(dense_element(result.get().as_object(), i));
    }
    values.push_back(Value::number(static_cast<std::uint64_t>(match.start())));
    values.push_back(subject_.text.value());
    const Value groups = get_named(runtime_, result, runtime_.atoms().groups);
    if (!groups.is_undefined()) values.push_back(groups);
    const Value replacement = call(runtime_, args_[1], Value::undefined(), values.span());
    out_ += to_utf16(to_string(runtime_, replacement));
  }

  std::u16string group_text(const MatchResult& match, std::size_t group) const {
    const std::size_t start = match.bounds[2 * group];
    if (start == MatchResult::no_match) return {};
    return text_.substr(start, match.bounds[2 * group + 1] - start);
  }

  void expand(const MatchResult& match) {
    std::vector<std::u16string> captures;
    for (std::size_t g = 1; 2 * g < match.bounds.size(); ++g) {
      captures.push_back(group_text(match, g));
    }
    Substitution substitution;
    substitution.text = text_;
    substitution.matched =
        std::u16string_view(text_).substr(match.start(), match.end() - match.start());
    substitution.position = match.start();
    for (const std::u16string& capture : captures) substitution.captures.push_back(&capture);
    const auto& names = subject_.regexp->compiled_->names;
    substitution.has_names = !names.empty();
    substitution.named = [&](std::u16string_view wanted) {
      for (const auto& [name, group] : names) {
        if (name == wanted) return captures[group - 1];
      }
      return std::u16string();
    };
    expand_replacement(substitution, pattern_, out_);
  }

  Runtime& runtime_;
  Arguments& args_;
  const Subject& subject_;
  std::u16string text_;
  std::u16string pattern_;
  std::u16string out_;
  std::size_t done_ = 0;
};

Value regexp_replace(Runtime& runtime, Arguments& args) {
  Subject subject(runtime, args, "RegExp.prototype.@@replace");
  Replacer replacer(runtime, args, subject);
  if (!subject.has(kGlobal) || !args[1].is_callable()) {
    for_each_match(runtime, subject, [&](const MatchResult& match) { replacer.add(match); });
    return replacer.finish();
  }
  // The function must not see matches of its own making: find all first.
  std::vector<MatchResult> matches;
  for_each_match(runtime, subject, [&](const MatchResult& match) { matches.push_back(match); });
  for (const MatchResult& match : matches) replacer.add(match);
  return replacer.finish();
}

// ---- split

Value regexp_split(Runtime& runtime, Arguments& args) {
  Subject subject(runtime, args, "RegExp.prototype.@@split");
  const std::uint32_t limit = args[1].is_undefined() ? 0xffff'ffffu : to_uint32(runtime, args[1]);
  RootedValues parts(runtime);
  if (limit == 0) return array_of(runtime, parts);
  const std::uint32_t length = subject.text->length();
  const auto match_at = [&](std::size_t from) {
    return regexp_engine(runtime).match(subject.regexp.get(), subject.text.get(), from, true);
  };
  if (length == 0) {
    if (!match_at(0).matched()) parts.push_back(subject.text.value());
    return array_of(runtime, parts);
  }
  const auto add = [&](std::size_t start, std::size_t end) {
    parts.push_back(Value(substring(runtime, subject.text.get(), static_cast<std::uint32_t>(start),
                                    static_cast<std::uint32_t>(end))));
    return parts.size() == limit;
  };
  std::size_t start = 0;
  for (std::size_t from = 0; from < length;) {
    const MatchResult match = match_at(from);
    if (!match.matched() || match.start() >= length) break;
    if (match.end() == start || (match.end() == match.start() && match.start() == start)) {
      // An empty match where the last part ended splits nothing.
      ++from;
      continue;
    }
    if (add(start, match.start())) return array_of(runtime, parts);
    for (std::size_t g = 1; 2 * g < match.bounds.size(); ++g) {
      if (match.bounds[2 * g] == MatchResult::no_match) {
        parts.push_back(Value::undefined());
      } else {
        add(match.bounds[2 * g], match.bounds[2 * g + 1]);
      }
      if (parts.size() == limit) return array_of(runtime, parts);
    }
    start = match.end();
    from = match.end() == match.start() ? match.end() + 1 : match.end();
  }
  add(start, length);
  return array_of(runtime, parts);
}

const NativeInfo match_info{"[Symbol.match]", 1, regexp_match};
const NativeInfo match_all_info{"[Symbol.matchAll]", 1, regexp_match_all};
const NativeInfo search_info{"[Symbol.search]", 1, regexp_search};
const NativeInfo replace_info{"[Symbol.replace]", 2, regexp_replace};
const NativeInfo split_info{"[Symbol.split]", 2, regexp_split};

}  // namespace

void install_regexp_symbols(Runtime& runtime, JSObject* prototype_arg) {
  Rooted<JSObject> prototype(runtime, prototype_arg);
  const auto add = [&](Symbol* symbol, const NativeInfo& info) {
    define_method(runtime, prototype.get(), PropertyKey(symbol), info);
  };
  add(runtime.atoms().symbol_match, match_info);
  add(runtime.atoms().symbol_match_all, match_all_info);
  add(runtime.atoms().symbol_search, search_info);
  add(runtime.atoms().symbol_replace, replace_info);
  add(runtime.atoms().symbol_split, split_info);
}

}  // namespace heaplab::interp::builtins

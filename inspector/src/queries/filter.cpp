// SPDX-License-Identifier: MIT
#include "filter.h"

#include <fmt/format.h>

#include "heaplab/support/text.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace heaplab::inspector {
namespace {

using Condition = Filter::Condition;

template <typename T>
bool compare(Condition::Operator op, const T& a, const T& b) {
  using Operator = Condition::Operator;
  switch (op) {
    case Operator::equal:
      return a == b;
    case Operator::unequal:
      return a != b;
    case Operator::less:
      return a < b;
    case Operator::greater:
      return a > b;
    case Operator::at_most:
      return a <= b;
    case Operator::at_least:
      return a >= b;
    default:
      return false;
  }
}

void collect_texts(const Condition& condition, std::vector<const Condition*>& out) {
  if (condition.kind == Condition::Kind::comparison) {
    if (condition.is_text()) out.push_back(&condition);
    return;
  }
  collect_texts(*condition.left, out);
  if (condition.right) collect_texts(*condition.right, out);
}

/// What comparisons of texts say, for each text once: a bit per string, per class or per type.
class Answers {
 public:
  Answers(const View& view, const Condition& root) : view_(view) {
    std::vector<const Condition*> names;
    std::vector<const Condition*> texts;
    collect_texts(root, texts);
    bits_.resize(texts.size());
    for (const Condition* condition : texts) {
      switch (condition->field) {
        case Condition::Field::name:
          bits_[condition->slot].assign(view.snapshot().strings().size(), false);
          names.push_back(condition);
          break;
        case Condition::Field::class_name:
          answer_classes(*condition);
          break;
        default:
          answer_types(*condition);
      }
    }
    if (names.empty()) return;
    view.snapshot().strings().for_each([&](std::uint32_t index, std::string_view text) {
      for (const Condition* condition : names) {
        bits_[condition->slot][index] = condition->holds_for(text);
      }
    });
  }

  bool holds(const Condition& condition, NodeIndex node) const {
    switch (condition.kind) {
      case Condition::Kind::both:
        return holds(*condition.left, node) && holds(*condition.right, node);
      case Condition::Kind::either:
        return holds(*condition.left, node) || holds(*condition.right, node);
      case Condition::Kind::negation:
        return !holds(*condition.left, node);
      case Condition::Kind::comparison:
        return condition.is_text() ? text_holds(condition, node)
                                   : condition.holds_for(number(condition.field, node));
    }
    return false;
  }

 private:
  void answer_classes(const Condition& condition) {
    std::vector<bool>& bits = bits_[condition.slot];
    for (const ClassTotals& row : view_.classes().rows) {
      bits.push_back(condition.holds_for(row.name));
    }
    bits.push_back(condition.holds_for(std::string_view()));  // nodes without a class
  }

  void answer_types(const Condition& condition) {
    for (std::size_t type = 0; type <= static_cast<std::size_t>(NodeType::other); ++type) {
      bits_[condition.slot].push_back(condition.holds_for(to_string(static_cast<NodeType>(type))));
    }
  }

  bool text_holds(const Condition& condition, NodeIndex node) const {
    const std::vector<bool>& bits = bits_[condition.slot];
    std::size_t index = 0;
    switch (condition.field) {
      case Condition::Field::name:
        index = view_.snapshot().name_index(node);
        break;
      case Condition::Field::class_name:
        index = std::min<std::size_t>(view_.classes().of_node[node], bits.size() - 1);
        break;
      default:
        index = static_cast<std::size_t>(view_.snapshot().type(node));
    }
    return index < bits.size() && bits[index];
  }

  std::int64_t number(Condition::Field field, NodeIndex node) const {
    const Snapshot& snapshot = view_.snapshot();
    switch (field) {
      case Condition::Field::id:
        return static_cast<std::int64_t>(snapshot.id(node));
      case Condition::Field::self:
        return static_cast<std::int64_t>(view_.shallow(node));
      case Condition::Field::retained:
        return static_cast<std::int64_t>(view_.retained(node));
      case Condition::Field::edges:
        return static_cast<std::int64_t>(snapshot.end_edge(node) - snapshot.first_edge(node));
      default:
        return view_.analysis().distances[node];
    }
  }

  const View& view_;
  std::vector<std::vector<bool>> bits_;
};

}  // namespace

Pattern::Pattern(std::string_view pattern, bool ignore_case, std::size_t position) {
  int error = 0;
  PCRE2_SIZE offset = 0;
  const std::uint32_t flags =
      PCRE2_UTF | PCRE2_DOTALL | (ignore_case ? static_cast<std::uint32_t>(PCRE2_CASELESS) : 0U);
  code_.reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(), flags,
                            &error, &offset, nullptr));
  if (code_ == nullptr) {
    PCRE2_UCHAR message[256] = {};
    pcre2_get_error_message(error, message, sizeof message);
    throw FilterError(position + offset, fmt::format("the regular expression is wrong: {}",
                                                     reinterpret_cast<const char*>(message)));
  }
  pcre2_jit_compile(code_.get(), PCRE2_JIT_COMPLETE);  // if it cannot be, it is interpreted
}

void Pattern::Free::operator()(pcre2_real_code_8* code) const { pcre2_code_free(code); }

bool Pattern::matches(std::string_view text) const {
  struct FreeData {
    void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
  };
  thread_local std::unique_ptr<pcre2_match_data, FreeData> data(
      pcre2_match_data_create(1, nullptr));
  // The strings of a snapshot are well-formed UTF-8: their reader sees to it.
  return pcre2_match(code_.get(), reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), 0,
                     PCRE2_NO_UTF_CHECK, data.get(), nullptr) >= 0;
}

bool Condition::holds_for(std::string_view value) const {
  if (op == Operator::match) return pattern->matches(value);
  if (op == Operator::no_match) return !pattern->matches(value);
  return compare(op, value, std::string_view(text));
}

bool Condition::holds_for(std::int64_t value) const { return compare(op, value, number); }

Filter::Filter(std::string_view text) {
  std::size_t slots = 0;
  condition_ = parse_filter(text, slots);
}
Filter::~Filter() = default;
Filter::Filter(Filter&&) noexcept = default;
Filter& Filter::operator=(Filter&&) noexcept = default;

std::vector<NodeIndex> Filter::select(const View& view) const {
  const Answers answers(view, *condition_);
  std::vector<NodeIndex> nodes;
  for (NodeIndex node = 0; node < view.snapshot().node_count(); ++node) {
    if (answers.holds(*condition_, node)) nodes.push_back(node);
  }
  return nodes;
}

}  // namespace heaplab::inspector

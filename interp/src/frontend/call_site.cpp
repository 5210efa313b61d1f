// SPDX-License-Identifier: MIT
// Renders an expression as V8's error messages do: "a.b(...).c", "(intermediate value).x".
#include <charconv>
#include <cmath>

#include "compiler_impl.h"

namespace heaplab::interp {
namespace {

constexpr std::u16string_view kIntermediate = u"(intermediate value)";
constexpr int kMaxDepth = 64;  // messages, not programs: beyond that nobody reads on

std::u16string ascii(std::string_view text) { return {text.begin(), text.end()}; }

std::u16string render_number(double value) {
  char digits[32];
  const auto result = std::to_chars(digits, digits + sizeof digits, value);
  return ascii({digits, static_cast<std::size_t>(result.ptr - digits)});
}

std::u16string render(const Node* node, int depth);

std::u16string render_key(const Node* key, int depth) {
  // V8 prints a["b c"] as a.b c.
  if (key->kind == NodeKind::String) return u"." + static_cast<const StringNode*>(key)->value->text;
  return u"[" + render(key, depth) + u"]";
}

std::u16string render_list(const ListNode* list, bool array, int depth) {
  std::u16string out(1, array ? u'[' : u'{');
  bool first = true;
  for (const Node* item : list->items) {
    if (array && !first) out += u',';
    first = false;
    if (!array) {
      out += kIntermediate;
    } else if (item != nullptr) {
      out += item->kind == NodeKind::Spread
                 ? u"..." + render(static_cast<const UnaryNode*>(item)->operand, depth)
                 : render(item, depth);
    }
    if (out.size() > 200) break;
  }
  return out + (array ? u']' : u'}');
}

std::u16string render_unary(const UnaryNode* node, int depth) {
  const std::string_view op = token_text(node->op);
  const bool word = op.size() > 2;
  return u"(" + ascii(op) + (word ? u" " : u"") + render(node->operand, depth) + u")";
}

std::u16string render(const Node* node, int depth) {
  if (--depth < 0) return std::u16string(kIntermediate);
  switch (node->kind) {
    case NodeKind::Identifier:
      return static_cast<const Identifier*>(node)->name->text;
    case NodeKind::This:
      return u"this";
    case NodeKind::Null:
      return u"null";
    case NodeKind::True:
      return u"true";
    case NodeKind::False:
      return u"false";
    case NodeKind::Number:
      return render_number(static_cast<const NumberNode*>(node)->value);
    case NodeKind::String:
      return u"\"" + static_cast<const StringNode*>(node)->value->text + u"\"";
    case NodeKind::Template: {
      const auto* quasi = static_cast<const TemplateNode*>(node);
      if (!quasi->expressions.empty()) return std::u16string(kIntermediate);
      return u"\"" + quasi->parts[0].cooked->text + u"\"";
    }
    case NodeKind::Array:
      return render_list(static_cast<const ListNode*>(node), true, depth);
    case NodeKind::Object:
      return render_list(static_cast<const ListNode*>(node), false, depth);
    case NodeKind::Member: {
      const auto* member = static_cast<const MemberNode*>(node);
      return render(member->object, depth) + (member->optional ? u"?." : u".") + member->name->text;
    }
    case NodeKind::PrivateMember: {
      const auto* member = static_cast<const PrivateMemberNode*>(node);
      return render(member->object, depth) + (member->optional ? u"?." : u".") +
             member->name->name->text;
    }
    case NodeKind::SuperMember:
      return std::u16string(kIntermediate) + u"." +
             static_cast<const MemberNode*>(node)->name->text;
    case NodeKind::Index: {
      const auto* index = static_cast<const IndexNode*>(node);
      return render(index->object, depth) + (index->optional ? u"?." : u"") +
             render_key(index->key, depth);
    }
    case NodeKind::SuperIndex:
      return std::u16string(kIntermediate) +
             render_key(static_cast<const IndexNode*>(node)->key, depth);
    case NodeKind::Call:
      return render(static_cast<const CallNode*>(node)->callee, depth) + u"(...)";
    case NodeKind::OptionalChain:
      return render(static_cast<const UnaryNode*>(node)->operand, depth);
    case NodeKind::Unary:
      return render_unary(static_cast<const UnaryNode*>(node), depth);
    case NodeKind::Binary:
    case NodeKind::Logical: {
      const auto* binary = static_cast<const BinaryNode*>(node);
      return u"(" + render(binary->left, depth) + u" " + ascii(token_text(binary->op)) + u" " +
             render(binary->right, depth) + u")";
    }
    case NodeKind::Sequence: {
      const auto items = static_cast<const ListNode*>(node)->items;
      std::u16string out = u"(" + render(items[0], depth);
      for (const Node* item : items.subspan(1, std::min<std::size_t>(items.size() - 1, 16))) {
        out += u" , " + render(item, depth);
      }
      return out + u")";
    }
    case NodeKind::Conditional:
      return std::u16string(kIntermediate) + std::u16string(kIntermediate) +
             std::u16string(kIntermediate);
    default:
      return std::u16string(kIntermediate);
  }
}

}  // namespace

std::uint32_t report_position(const Node* node) {
  switch (node->kind) {
    case NodeKind::Member:
    case NodeKind::SuperMember:
      return static_cast<const MemberNode*>(node)->name_position;
    case NodeKind::Index:
      return static_cast<const IndexNode*>(node)->bracket;
    case NodeKind::Call:
      return static_cast<const CallNode*>(node)->position;
    case NodeKind::Binary:
      return static_cast<const BinaryNode*>(node)->op_position;
    default:
      return node->start;
  }
}

std::u16string render_call_site(const Node* node) { return render(node, kMaxDepth); }

}  // namespace heaplab::interp

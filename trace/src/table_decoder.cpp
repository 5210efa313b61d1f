// SPDX-License-Identifier: MIT
#include "table_decoder.h"

namespace heaplab::trace {
namespace {
constexpr std::size_t max_info = 4096;
}  // namespace

bool TableDecoder::decode(Op op, Cursor& in) {
  switch (op) {
    case Op::info:
      info(in);
      return true;
    case Op::string:
      string(in);
      return true;
    case Op::type:
      type(in);
      return true;
    case Op::frame:
      frame(in);
      return true;
    case Op::stack:
      stack(in);
      return true;
    case Op::thread:
      thread(in);
      return true;
    case Op::allocation_class:
      new_class(in);
      return true;
    default:
      return false;
  }
}

AllocationClass TableDecoder::spelled_class(Cursor& in) const {
  AllocationClass result;
  result.type = type_index(in);
  result.bytes = in.in_range("size", 0, max_object_bytes);
  result.stack = stack_id(in);
  return result;
}

void TableDecoder::info(Cursor& in) {
  const std::string key(in.text("an info key", max_string_bytes));
  const std::string value(in.text("an info value", max_string_bytes));
  const bool known = info_.contains(key);
  if (!known && info_.size() >= max_info) in.fail("too many info records");
  info_[key] = value;
}

void TableDecoder::string(Cursor& in) {
  const std::string_view text = in.text("a string", max_string_bytes);
  string_bytes_ += text.size();
  if (tables_.strings.size() >= max_strings || string_bytes_ > max_all_string_bytes) {
    in.fail("more strings than the format allows");
  }
  tables_.strings.emplace_back(text);
}

void TableDecoder::type(Cursor& in) {
  const StringId name = string_id(in);
  const StringId node_type = string_id(in);
  if (tables_.types.size() >= max_types) in.fail("more types than the format allows");
  tables_.types.push_back({name, node_type});
}

void TableDecoder::frame(Cursor& in) {
  Frame frame;
  frame.function = string_id(in);
  frame.file = string_id(in);
  frame.line = in.in_range32("line", 0, any32);
  frame.column = in.in_range32("column", 0, any32);
  if (tables_.frames.size() >= max_frames) in.fail("more frames than the format allows");
  tables_.frames.push_back(frame);
}

void TableDecoder::stack(Cursor& in) {
  Stack stack;
  // Only stacks that are there already can be parents, so the tree has no cycles.
  stack.parent = stack_id(in);
  stack.frame = in.in_range32("frame", 0, static_cast<FrameId>(tables_.frames.size() - 1));
  if (tables_.stacks.size() >= max_stacks) in.fail("more stacks than the format allows");
  tables_.stacks.push_back(stack);
}

void TableDecoder::thread(Cursor& in) {
  Thread thread;
  thread.name = string_id(in);
  thread.heap = string_id(in);
  if (tables_.threads.size() >= max_threads) in.fail("more threads than the format allows");
  tables_.threads.push_back(thread);
}

void TableDecoder::new_class(Cursor& in) {
  if (classes_.size() >= max_classes) in.fail("more classes than the format allows");
  classes_.push_back(spelled_class(in));
}

}  // namespace heaplab::trace

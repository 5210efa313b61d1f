// SPDX-License-Identifier: MIT
#include "hprof/builder.h"

#include <fmt/format.h>

#include "heaplab/support/text.h"

namespace heaplab::inspector::hprof {
namespace {

constexpr std::uint32_t longest_text = Input::window;
constexpr std::size_t longest_header = 64;

enum Tag : std::uint8_t {
  text_tag = 0x01,
  load_class_tag = 0x02,
  frame_tag = 0x04,
  trace_tag = 0x05,
  heap_dump_tag = 0x0C,
  heap_segment_tag = 0x1C,
};

}  // namespace

Builder::Builder(ByteStream stream, const ReadOptions& options)
    : input_(std::move(stream), options.progress),
      strings_(input_.stream().path()),
      contents_(input_.stream().path()) {
  snapshot_.file_ = input_.stream().path();
  snapshot_.origin_ = Origin::java;
  snapshot_.first_edges_.push_back(0);
  fixed_name("");
  names_ = {fixed_name("referent"),    fixed_name("value"),   fixed_name("coder"),
            fixed_name("name"),        fixed_name("class"),   fixed_name("superclass"),
            fixed_name("classLoader"), fixed_name("signers"), fixed_name("protectionDomain"),
            fixed_name("object")};
}

Snapshot Builder::read() {
  read_header();
  while (!input_.at_end()) read_record();
  contents_.finish(snapshot_.names_);
  if (!has_heap_) input_.fail_at(input_.offset(), "there is no heap in the file");
  read_waiting();
  if (ids_.size() == 0) input_.fail_at(input_.offset(), "there are no objects");
  NodeIndex duplicate = no_node;
  index_ = AddressIndex::make(ids_, duplicate);
  if (!index_) {
    input_.fail_at(input_.offset(),
                   fmt::format("there are two objects with the id {:#x}: two heap dumps in one "
                               "file, or damage",
                               ids_[duplicate]));
  }
  const auto objects = static_cast<NodeIndex>(ids_.size());
  constexpr std::size_t ahead = 24;
  const std::size_t edges = targets_.size();
  snapshot_.edge_words_ = targets_.replace([&](std::size_t edge, std::uint64_t address) {
    if (edge + 2 * ahead < edges) {
      index_->expect(targets_[edge + 2 * ahead]);
      index_->expect_soon(targets_[edge + ahead]);
    }
    NodeIndex node = index_->find(address);
    if (node == no_node) {
      node = objects + 1;  // after the root
      ++missing_;
    }
    return node | std::uint32_t{edge_kinds_[edge]} << Snapshot::kind_shift;
  });
  edge_kinds_.release();
  set_sizes(find_model(*index_));
  find_texts();
  while (index_->find(next_id_) != no_node) next_id_ += 8;
  add_roots();
  snapshot_.labels_.finish();
  snapshot_.strings_ = strings_.finish();
  if (ids_.is_wide()) {
    snapshot_.wide_ids_.resize(ids_.size());
    for (std::size_t i = 0; i < ids_.size(); ++i) snapshot_.wide_ids_[i] = ids_[i];
  } else {
    snapshot_.ids_ = ids_.replace([](std::size_t, std::uint64_t address) {
      return static_cast<std::uint32_t>(address >> AddressList::shift);
    });
    snapshot_.id_shift_ = AddressList::shift;
  }
  snapshot_.file_bytes_ = input_.stream().file_size().value_or(input_.stream().file_offset());
  return std::move(snapshot_);
}

void Builder::read_header() {
  std::string magic;
  for (char c = *input_.take(1); c != '\0'; c = *input_.take(1)) {
    magic += c;
    if (magic.size() == longest_header) break;
  }
  if (!magic.starts_with("JAVA PROFILE 1.")) input_.fail_at(0, "this is no Java heap dump");
  const std::uint64_t at = input_.offset();
  const std::uint32_t id_bytes = input_.u4();
  if (id_bytes != 4 && id_bytes != 8) {
    input_.fail_at(at, fmt::format("ids of {} bytes: there are such of 4 and of 8", id_bytes));
  }
  input_.id_bytes = id_bytes;
  snapshot_.taken_at_ms_ = input_.u8();
}

void Builder::read_record() {
  record_start_ = input_.offset();
  const std::uint8_t tag = input_.u1();
  input_.take(4);  // microseconds since the header's time
  const std::uint32_t length = input_.u4();
  switch (tag) {
    case text_tag:
      return read_text(length);
    case load_class_tag:
      return read_load_class(length);
    case frame_tag:
      return read_frame(length);
    case trace_tag:
      return read_trace(length);
    case heap_dump_tag:
    case heap_segment_tag:
      return read_heap(length);
    default:
      input_.skip(length);  // what a later version may add
  }
}

void Builder::read_text(std::uint32_t length) {
  if (length < input_.id_bytes) fail("a text record is too short for its id");
  const std::uint64_t id = input_.id();
  length -= input_.id_bytes;
  if (length > longest_text) fail(fmt::format("a name of {} bytes is too long", length));
  texts_.insert_or_assign(id, std::string(input_.take(length), length));
}

void Builder::read_load_class(std::uint32_t length) {
  if (length != 8 + 2 * input_.id_bytes) fail("a LOAD_CLASS record has a wrong length");
  const std::uint32_t serial = input_.u4();
  const std::uint64_t id = input_.id();
  input_.take(4);
  const std::uint64_t name = input_.id();
  class_of_serial_[serial] = id;
  const auto text = texts_.find(name);
  if (text == texts_.end()) fail("a class is named by a text that is not in the file");
  JavaClass& a_class = classes_.at(id);
  a_class.name = class_name_of(from_modified_utf8(text->second));
  a_class.name_index = fixed_name(a_class.name);
}

void Builder::read_frame(std::uint32_t length) {
  if (length != 8 + 4 * input_.id_bytes) fail("a FRAME record has a wrong length");
  const std::uint64_t id = input_.id();
  Frame frame;
  frame.method = input_.id();
  input_.id();  // the signature
  frame.file = input_.id();
  frame.class_serial = input_.u4();
  frame.line = static_cast<std::int32_t>(input_.u4());
  frames_[id] = frame;
}

void Builder::read_trace(std::uint32_t length) {
  if (length < 12) fail("a TRACE record is too short");
  const std::uint32_t serial = input_.u4();
  input_.take(4);  // the thread, which its own record says again
  const std::uint32_t count = input_.u4();
  if (length != 12 + std::uint64_t{count} * input_.id_bytes) {
    fail("a TRACE record has a wrong length");
  }
  std::vector<std::uint64_t>& frames = traces_[serial];
  frames.clear();
  for (std::uint32_t i = 0; i < count; ++i) frames.push_back(input_.id());
}

std::uint32_t Builder::fixed_name(const std::string& text) {
  const auto [entry, added] = string_numbers_.try_emplace(text, 0);
  if (added) {
    entry->second = strings_.add(text);
    if (text.starts_with('<')) vm_names_.insert(entry->second);
  }
  return entry->second;
}

std::uint32_t Builder::name_index(std::uint64_t text_id) {
  const auto [entry, added] = text_numbers_.try_emplace(text_id, 0);
  if (!added) return entry->second;
  const auto text = texts_.find(text_id);
  if (text == texts_.end()) fail("a field is named by a text that is not in the file");
  entry->second = fixed_name(from_modified_utf8(text->second));
  return entry->second;
}

}  // namespace heaplab::inspector::hprof

// SPDX-License-Identifier: MIT
#include "encoder.h"
#include "heaplab/trace/recorder.h"

namespace heaplab::trace {

FrameId SiteTable::frame(std::string_view function, std::string_view file, std::uint32_t line,
                         std::uint32_t column) {
  std::string key(function);
  ((key += '\0') += file) += '\0';
  key += std::to_string(line) + ':' + std::to_string(column);
  const std::size_t next = frames_.size() + 1;
  if (next >= max_frames) return 0;
  const auto [found, is_new] = frames_.try_emplace(std::move(key), static_cast<FrameId>(next));
  if (is_new) {
    log_.call([function = std::string(function), file = std::string(file), line,
               column](Encoder& encoder) { encoder.define_frame(function, file, line, column); });
  }
  return found->second;
}

StackId SiteTable::stack(StackId parent, FrameId frame) {
  const std::size_t next = stacks_.size() + 1;
  if (next >= max_stacks) return 0;
  const auto [found, is_new] =
      stacks_.try_emplace(std::uint64_t{parent} << 32 | frame, static_cast<StackId>(next));
  if (is_new) log_.call([=](Encoder& encoder) { encoder.define_stack(parent, frame); });
  return found->second;
}

SharedRecording::SharedRecording(const std::string& path) : state_(std::make_shared<State>(path)) {}
SharedRecording::~SharedRecording() = default;

void SharedRecording::info(std::string_view key, std::string_view value) {
  const std::lock_guard lock(state_->mutex);
  state_->writer.info(key, value);
}

void SharedRecording::finish() {
  const std::lock_guard lock(state_->mutex);
  if (std::exchange(state_->finished, true)) return;
  state_->writer.finish();
}

std::string SharedRecording::error() const {
  const std::lock_guard lock(state_->mutex);
  return state_->failure.empty() ? state_->writer.error() : state_->failure;
}

}  // namespace heaplab::trace

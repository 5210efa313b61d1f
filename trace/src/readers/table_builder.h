// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <unordered_map>

#include "heaplab/trace/records.h"

namespace heaplab::trace {

/// Adds to the tables of a recording what is not there yet, for readers of files that name things
/// again and again.
class TableBuilder {
 public:
  explicit TableBuilder(Tables& tables) : tables_(tables) {}

  StringId string(const std::string& text) {
    if (text.empty()) return 0;
    const auto [entry, is_new] =
        strings_.try_emplace(text, static_cast<StringId>(tables_.strings.size()));
    if (is_new) tables_.strings.push_back(text);
    return entry->second;
  }

  /// Where no source file is known, the module stands for it.
  FrameId frame(const std::string& function, const std::string& file, std::uint32_t line,
                const std::string& module) {
    const std::tuple key(string(function), string(file.empty() ? module : file), line,
                         string(module));
    const auto [entry, is_new] =
        frames_.try_emplace(key, static_cast<FrameId>(tables_.frames.size()));
    if (is_new) {
      tables_.frames.push_back({std::get<0>(key), std::get<1>(key), line, 0});
      tables_.modules.resize(tables_.frames.size());
      tables_.modules.back() = std::get<3>(key);
    }
    return entry->second;
  }

  StackId stack(StackId parent, FrameId frame) {
    const auto [entry, is_new] =
        stacks_.try_emplace(static_cast<std::uint64_t>(parent) << 32 | frame,
                            static_cast<StackId>(tables_.stacks.size()));
    if (is_new) tables_.stacks.push_back({parent, frame});
    return entry->second;
  }

 private:
  Tables& tables_;
  std::unordered_map<std::string, StringId> strings_;
  std::map<std::tuple<StringId, StringId, std::uint32_t, StringId>, FrameId> frames_;
  std::unordered_map<std::uint64_t, StackId> stacks_;
};

}  // namespace heaplab::trace

// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace heaplab {

/// One line on standard error that is rewritten in place. Silent unless standard error is a
/// terminal, so logs and pipes never see it; erased when it is destroyed, so the output that
/// follows starts on a clean line.
class LiveLine {
 public:
  LiveLine();
  ~LiveLine();
  LiveLine(const LiveLine&) = delete;
  LiveLine& operator=(const LiveLine&) = delete;

  /// True when somebody can see it: building the text is wasted work otherwise.
  bool visible() const { return visible_; }

  /// Shows `text` (plain, without escape sequences), cut to the terminal's width.
  void show(std::string_view text);
  void erase();

 private:
  bool visible_;
  bool shown_ = false;
};

/// How far a long piece of work is: `reading app.trace ▉▉▉▉▍     43%  480 MiB/s  3.4 s left  1.2
/// GiB of 2.8 GiB`. Cheap enough to update at every record: it looks at the clock every 1024 calls
/// and draws at most ten times a second.
class Progress {
 public:
  enum class Unit { bytes, items };

  /// `total` of 0 means nobody knows: the count is shown without a bar.
  Progress(std::string label, std::uint64_t total, Unit unit = Unit::bytes);

  void update(std::uint64_t done) {
    if (line_.visible() && (++calls_ & 1023) == 0) draw_if_due(done);
  }
  /// For work that comes in large pieces: looks at the clock at every call.
  void update_piece(std::uint64_t done) {
    if (line_.visible()) draw_if_due(done);
  }

 private:
  using Clock = std::chrono::steady_clock;

  void draw_if_due(std::uint64_t done);
  std::string describe(std::uint64_t done, double elapsed_seconds) const;

  std::string label_;
  std::uint64_t total_;
  Unit unit_;
  Clock::time_point started_ = Clock::now();
  Clock::time_point drawn_ = started_;
  std::uint64_t calls_ = 0;
  LiveLine line_;
};

}  // namespace heaplab

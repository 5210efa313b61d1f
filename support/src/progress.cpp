// SPDX-License-Identifier: MIT
#include "heaplab/support/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "heaplab/support/chart.h"
#include "heaplab/support/format.h"
#include "heaplab/support/terminal.h"
#include "heaplab/support/text.h"

namespace heaplab {

LiveLine::LiveLine() : visible_(is_terminal(STDERR_FILENO)) {}

LiveLine::~LiveLine() { erase(); }

void LiveLine::show(std::string_view text) {
  if (!visible_) return;
  // One column stays free: a full last column makes some terminals wrap.
  const std::string cut = truncate_to_width(printable(text), terminal_width(STDERR_FILENO) - 1);
  fmt::print(stderr, "\r{}\x1b[K", cut);
  std::fflush(stderr);
  shown_ = true;
}

void LiveLine::erase() {
  if (!shown_) return;
  std::fputs("\r\x1b[K", stderr);
  std::fflush(stderr);
  shown_ = false;
}

Progress::Progress(std::string label, std::uint64_t total, Unit unit)
    : label_(std::move(label)), total_(total), unit_(unit) {}

void Progress::draw_if_due(std::uint64_t done) {
  const Clock::time_point now = Clock::now();
  if (now - drawn_ < std::chrono::milliseconds(100)) return;
  drawn_ = now;
  line_.show(describe(done, std::chrono::duration<double>(now - started_).count()));
}

std::string Progress::describe(std::uint64_t done, double elapsed_seconds) const {
  const auto amount = [this](std::uint64_t value) {
    return unit_ == Unit::bytes ? format_bytes(value) : format_count(value);
  };
  if (total_ == 0) return fmt::format("{}  {}", label_, amount(done));
  const double fraction = std::min(1.0, static_cast<double>(done) / static_cast<double>(total_));
  std::string text = fmt::format("{} {} {:3.0f}%", label_, bar(fraction, 20), 100 * fraction);
  // An estimate from the first moments is noise.
  if (fraction > 0.02 && elapsed_seconds > 1) {
    if (unit_ == Unit::bytes) {
      const double rate = static_cast<double>(done) / elapsed_seconds;
      text += fmt::format("  {}/s", format_bytes(static_cast<std::uint64_t>(rate)));
    }
    text += fmt::format("  {} left", format_duration(elapsed_seconds / fraction * (1 - fraction)));
  }
  // Last, for a narrow terminal cuts it off.
  text += fmt::format("  {} of {}", amount(done), amount(total_));
  return text;
}

}  // namespace heaplab

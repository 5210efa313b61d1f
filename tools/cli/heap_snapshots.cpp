// SPDX-License-Identifier: MIT
#include "heap_snapshots.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <system_error>

#include "heaplab/interp/builtins.h"
#include "heaplab/interp/heap_snapshot.h"
#include "heaplab/support/error.h"
#include "heaplab/support/text.h"
#include "observation.h"
#include "suggest.h"
#include "verbs.h"

namespace heaplab::cli {
namespace {

/// Of each request, at most so many files: a program may collect for days.
constexpr std::uint32_t most_of_a_series = 10;

struct Moment {
  std::string_view name;
  SnapshotMoment moment;
};
constexpr Moment moments[] = {{"before-gc", SnapshotMoment::before_gc},
                              {"after-gc", SnapshotMoment::after_gc},
                              {"exit", SnapshotMoment::exit},
                              {"signal", SnapshotMoment::signal},
                              {"near-heap-limit", SnapshotMoment::near_heap_limit}};

/// Moments that come once have one file, under the name that was given.
bool is_series(SnapshotMoment moment) {
  return moment != SnapshotMoment::exit && moment != SnapshotMoment::near_heap_limit;
}

/// "app.heapsnapshot", 3: "app.3.heapsnapshot".
std::string numbered(const std::string& file, std::uint32_t number) {
  constexpr std::string_view extension = ".heapsnapshot";
  if (!file.ends_with(extension)) return fmt::format("{}.{}{}", file, number, extension);
  return fmt::format("{}.{}{}", file.substr(0, file.size() - extension.size()), number, extension);
}

/// Could this have been meant as a moment? File names have dots and slashes.
bool looks_like_moment(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
}

std::string why(const std::system_error& error) {
  return "cannot be written: " + error.code().message();
}

// What a signal handler can reach: it only leaves a note.
std::atomic<interp::Runtime*> signalled_runtime{nullptr};
std::atomic<bool> signalled{false};
static_assert(std::atomic<interp::Runtime*>::is_always_lock_free);

void on_signal(int) {
  signalled = true;
  if (interp::Runtime* runtime = signalled_runtime) runtime->request_interrupt();
}

void listen_for_signal(interp::Runtime* runtime) {
  signalled_runtime = runtime;
  struct sigaction action {};
  action.sa_handler = runtime != nullptr ? on_signal : SIG_DFL;
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGUSR2, &action, nullptr);
}

}  // namespace

SnapshotRequest parse_snapshot_request(const std::string& text) {
  SnapshotRequest request{text, SnapshotMoment::exit};
  const std::size_t at = text.rfind('@');
  if (at != std::string::npos) {
    const std::string name = text.substr(at + 1);
    const auto* found = std::find_if(std::begin(moments), std::end(moments),
                                     [&](const Moment& moment) { return moment.name == name; });
    if (found != std::end(moments)) {
      request = {text.substr(0, at), found->moment};
    } else if (looks_like_moment(name)) {
      std::vector<std::string> names;
      for (const Moment& moment : moments) names.emplace_back(moment.name);
      throw UsageError(
          fmt::format("--heapsnapshot={}: there is no moment {}{} (before-gc, after-gc, exit, "
                      "signal, near-heap-limit)",
                      printable(text), name, did_you_mean(name, names)));
    }
  }
  if (request.file.empty()) throw UsageError("--heapsnapshot: which file? (FILE or FILE@MOMENT)");
  return request;
}

void check_snapshot_file(const std::string& file) {
  std::error_code ignored;
  if (std::filesystem::is_directory(file, ignored)) throw InputError(file, "this is a folder");
  const std::filesystem::path folder = std::filesystem::absolute(file).parent_path();
  if (::access(folder.c_str(), W_OK | X_OK) == 0) return;
  throw InputError(file, "cannot be written: " + std::generic_category().message(errno));
}

HeapSnapshots::HeapSnapshots(interp::Runtime& runtime, std::vector<SnapshotRequest> requests,
                             Observation* observation)
    : runtime_(runtime), observation_(observation), writer_(runtime.heap()) {
  for (SnapshotRequest& request : requests) series_.push_back({std::move(request)});
  runtime_.heap().add_listener(this);
  interp::set_heap_snapshot_hook(runtime,
                                 [this](const std::string& path) { write_requested(path); });
  if (wants(SnapshotMoment::signal)) listen_for_signal(&runtime);
}

HeapSnapshots::~HeapSnapshots() {
  if (wants(SnapshotMoment::signal)) listen_for_signal(nullptr);
  interp::set_heap_snapshot_hook(runtime_, nullptr);
  runtime_.heap().remove_listener(this);
}

bool HeapSnapshots::wants(SnapshotMoment moment) const {
  return std::any_of(series_.begin(), series_.end(),
                     [moment](const Series& series) { return series.request.moment == moment; });
}

// ---- Moments ----------------------------------------------------------------------------------

void HeapSnapshots::handle_interrupt() {
  if (!signalled.exchange(false)) return;
  collect();
  take(SnapshotMoment::signal);
}

void HeapSnapshots::handle_exit() {
  if (wants(SnapshotMoment::exit)) {
    collect();
    take(SnapshotMoment::exit);
  }
  for (const Series& series : series_) {
    const bool collections = series.request.moment == SnapshotMoment::before_gc ||
                             series.request.moment == SnapshotMoment::after_gc;
    if (series.written > 0 || series.ended || !collections) continue;
    fmt::print(stderr, "heaplab: no {}: there was no full collection\n",
               printable(numbered(series.request.file, 1)));
  }
}

void HeapSnapshots::on_collection_start(const Heap&, const CollectionEvent& event) {
  at_collection(SnapshotMoment::before_gc, event);
}

void HeapSnapshots::on_collection_end(const Heap&, const CollectionEvent& event) {
  at_collection(SnapshotMoment::after_gc, event);
}

void HeapSnapshots::at_collection(SnapshotMoment moment, const CollectionEvent& event) {
  if (event.kind == CollectionKind::major && !busy_) take(moment);
}

void HeapSnapshots::on_limit(const Heap&, const LimitEvent& event) {
  // A heap may be full without having come near its limit: an object too large for what is left.
  if (event.kind == LimitEvent::Kind::near_limit || event.kind == LimitEvent::Kind::out_of_memory) {
    take(SnapshotMoment::near_heap_limit);
  }
}

// ---- Writing ----------------------------------------------------------------------------------

void HeapSnapshots::take(SnapshotMoment moment) {
  for (Series& series : series_) {
    if (series.request.moment == moment && !series.ended) take(series);
  }
}

void HeapSnapshots::take(Series& series) {
  const bool many = is_series(series.request.moment);
  const std::string& name = series.request.file;
  const std::string file = many ? numbered(name, series.written + 1) : name;
  try {
    write(file);
    ++series.written;
    series.ended = !many;
  } catch (const std::system_error& error) {
    fail(file, why(error));
    series.ended = true;
  } catch (const std::length_error& error) {
    fail(file, error.what());
    series.ended = true;
  }
  if (!many || series.ended || series.written < most_of_a_series) return;
  series.ended = true;
  fmt::print(stderr, "heaplab: {} was the last of {} heap snapshots of its kind\n", printable(file),
             most_of_a_series);
}

void HeapSnapshots::write_requested(const std::string& path) {
  collect();
  write(path);
}

/// As V8 does before a snapshot. A heap too full to be collected is shown as it is.
void HeapSnapshots::collect() {
  busy_ = true;
  try {
    runtime_.heap().collect();
  } catch (const OutOfMemory&) {
  }
  busy_ = false;
}

void HeapSnapshots::write(const std::string& path) {
  interp::JsSnapshotLanguage language(runtime_);
  if (observation_ != nullptr) {
    observation_->number_scripts(language);
    observation_->recorder().flush();
  }
  writer_.write(path, language, observation_);
}

void HeapSnapshots::fail(const std::string& file, const std::string& why_not) {
  complete_ = false;
  std::fflush(stdout);
  fmt::print(stderr, "heaplab: {}\n", InputError(file, why_not).what());
}

}  // namespace heaplab::cli

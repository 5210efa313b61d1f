// SPDX-License-Identifier: MIT
// heaplab trace merge: several recordings as one with several heaps.
#include "heaplab/trace/merge.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "heaplab/support/error.h"
#include "heaplab/trace/open.h"
#include "output.h"

namespace heaplab::cli {
namespace {

struct Options {
  std::vector<std::string> files;
  std::string output;
  std::string format = "text";
  bool checkpoints = false;
};

/// "app" of "logs/app.heaprec"; with a number if there is another of that name.
std::string name_of(const std::string& path, const std::vector<trace::MergeInput>& others) {
  std::string name = std::filesystem::path(path).stem().string();
  if (name.empty()) name = path;
  const auto taken = [&](const std::string& candidate) {
    return std::any_of(others.begin(), others.end(),
                       [&](const trace::MergeInput& other) { return other.name == candidate; });
  };
  if (!taken(name)) return name;
  for (int number = 2;; ++number) {
    const std::string numbered = fmt::format("{} {}", name, number);
    if (!taken(numbered)) return numbered;
  }
}

void merge(const Options& options) {
  std::vector<trace::MergeInput> inputs;
  for (const std::string& file : options.files) {
    if (file == "-") throw UsageError("trace merge reads files only: save the recording first");
    inputs.push_back(
        {trace::open_recording(file, {.dialect = {}, .again = true}), name_of(file, inputs)});
  }
  OutputRecording out(options.output, options.files);
  std::vector<trace::Extent> extents;
  {
    const std::uint64_t total = std::accumulate(
        options.files.begin(), options.files.end(), std::uint64_t{0},
        [](std::uint64_t sum, const std::string& f) { return sum + file_bytes(f); });
    Progress progress("merging", total);
    std::vector<std::uint64_t> done(inputs.size());
    const auto update = [&](std::size_t input, std::uint64_t offset) {
      done[input] = offset;
      progress.update_piece(std::accumulate(done.begin(), done.end(), std::uint64_t{0}));
    };
    try {
      extents = trace::merge_recordings(inputs, out.writer(), options.checkpoints, update);
    } catch (const InputError&) {
      out.discard();
      throw;
    }
  }
  out.finish();
  Json files = Json::array();
  trace::Extent all;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    warn_if_incomplete(*inputs[i].source, extents[i]);
    files.push_back({{"file", options.files[i]},
                     {"heap", inputs[i].name},
                     {"complete", complete_json(extents[i])},
                     {"objects", extents[i].allocated_objects()},
                     {"adopted", extents[i].adopted},
                     {"allocated_bytes", extents[i].allocated_bytes()}});
    all.objects += extents[i].objects;
    all.adopted += extents[i].adopted;
    all.clock += extents[i].clock;
    all.skipped_bytes += extents[i].skipped_bytes;
  }
  report_output(out,
                {{"schema", "heaplab-trace-merge/1"},
                 {"files", std::move(files)},
                 {"objects", all.allocated_objects()},
                 {"adopted", all.adopted},
                 {"allocated_bytes", all.allocated_bytes()}},
                fmt::format("{} of {}", format_quantity(out.writer().last_id(), "object"),
                            format_quantity(inputs.size(), "recording")),
                options.format);
}

}  // namespace

void add_trace_merge(CLI::App& trace, int& status) {
  auto options = std::make_shared<Options>();
  CLI::App* verb =
      trace.add_subcommand("merge", "Make one recording of several, each a heap of its own");
  verb->add_option("FILES", options->files, "Recordings of any formats")
      ->required()
      ->expected(2, 64);
  add_output(*verb, options->output);
  verb->add_flag("--checkpoints", options->checkpoints,
                 "Keep checkpoints, of one heap each; `leaks` needs them to name who holds what");
  add_format(*verb, options->format, "heaplab-trace-merge/1");
  verb->footer(
      R"(Records are put in the order of their times. What one of the files cannot know, the result does not
know: `trace info` says what is left. A sample is merged with samples of the same interval only.

Example:
  heaplab trace merge worker-1.heaprec worker-2.heaprec -o service.heaprec)");
  verb->callback([options, &status] {
    merge(*options);
    status = 0;
  });
}

}  // namespace heaplab::cli

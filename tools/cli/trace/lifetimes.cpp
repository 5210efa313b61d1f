// SPDX-License-Identifier: MIT
// heaplab trace lifetimes: how long objects live, and what that means for a collector.
#include "lifetimes.h"

#include <filesystem>
#include <memory>

#include "../sizes.h"
#include "../verbs.h"
#include "heaplab/support/error.h"
#include "heaplab/support/progress.h"
#include "trace.h"

namespace heaplab::cli {
namespace {

struct Options {
  std::string file;
  std::string dialect;
  std::string format = "text";
  std::string table = "survival";
  std::string nursery;
  std::size_t top = 10;
};

std::uint64_t nursery_bytes(const Options& options) {
  if (options.nursery.empty()) return 0;
  return parse_size(options.nursery, "--nursery", 1);
}

/// A bar for each of the two passes.
class TwoPasses {
 public:
  explicit TwoPasses(const std::string& path) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    const std::uint64_t total = error ? 0 : size;
    for (const char* what : {"measuring ", "tracing lives in "}) {
      bars_.push_back(std::make_unique<Progress>(what + path, total));
    }
  }
  void operator()(int pass, std::uint64_t offset) {
    if (pass == 2) bars_[0].reset();
    if (auto& bar = bars_[static_cast<std::size_t>(pass - 1)]) bar->update_piece(offset);
  }

 private:
  std::vector<std::unique_ptr<Progress>> bars_;
};

trace::LifetimeReport analyse(trace::RecordingSource& source, const Options& options) {
  TwoPasses progress(source.path());
  trace::LifetimeReport report =
      trace::analyse_lifetimes(source, {.nursery_bytes = nursery_bytes(options)},
                               [&](int pass, std::uint64_t offset) { progress(pass, offset); });
  if (report.objects == 0) {
    throw InputError(source.path(), report.mortality.extent.bytes,
                     "no allocations are recorded here, so there are no lifetimes");
  }
  if (source.knowledge().sampling_bytes != 0) {
    throw InputError(source.path(), report.mortality.extent.bytes,
                     "this recording is a sample, and so are its deaths; record without "
                     "--record-sample to see lifetimes");
  }
  if (report.mortality.precision == trace::DeathPrecision::none) {
    throw InputError(source.path(), report.mortality.extent.bytes,
                     "this recording does not say when objects die; record with `heaplab run "
                     "--record=FILE`, or with a tool that records frees");
  }
  return report;
}

void run(const Options& options) {
  const auto source = open_input(options.file, options.dialect, /*again=*/true);
  const trace::LifetimeReport report = analyse(*source, options);
  if (options.format == "json") {
    print_lifetimes_json(*source, report, options.top);
  } else if (options.format == "csv") {
    print_lifetimes_csv(*source, report, options.table);
  } else {
    print_lifetimes(*source, report, options.top);
  }
  warn_if_incomplete(*source, report.mortality.extent);
}

}  // namespace

void add_trace_lifetimes(CLI::App& trace_verb, int& status) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = trace_verb.add_subcommand("lifetimes", "Say how long objects live");
  verb->add_option("FILE", options->file,
                   "A recording of any format that knows deaths; - for standard input")
      ->required();
  add_dialect(*verb, options->dialect);
  verb->add_option("--format", options->format, "text, json or csv")
      ->check(CLI::IsMember({"text", "json", "csv"}));
  verb->add_option("--table", options->table,
                   "With csv, which table: survival, ages, nurseries, types or sites")
      ->check(CLI::IsMember(lifetime_tables));
  verb->add_option("--nursery", options->nursery,
                   "Judge types and sites by a nursery of this size (default: the advised one)");
  add_limit(*verb, options->top, "Types and sites to show,");
  verb->footer(
      "Ages are bytes allocated meanwhile. Deaths are exact to the distance of the recording's "
      "root\n"
      "records (`heaplab run --record-roots=1` for each allocation); frees are exact.\n"
      "Examples:\n"
      "  heaplab trace lifetimes app.heaprec\n"
      "  heaplab trace lifetimes --format=csv --table=nurseries app.heaprec > nurseries.csv");
  verb->callback([verb, options, &status] {
    const bool is_csv = options->format == "csv";
    if (verb->count("--table") > 0 && !is_csv) {
      throw UsageError("trace lifetimes: --table has no effect without --format=csv");
    }
    if (verb->count("--limit") > 0 && is_csv) {
      throw UsageError(
          "trace lifetimes: --limit has no effect with --format=csv: a table is whole");
    }
    run(*options);
    status = 0;
  });
}

}  // namespace heaplab::cli

// SPDX-License-Identifier: MIT
// heaplab trace cut: a part of a recording, as a recording.
#include "heaplab/trace/cut.h"

#include <fmt/format.h>

#include "output.h"

namespace heaplab::cli {
namespace {

struct Options {
  std::string file;
  std::string dialect;
  std::string output;
  std::string format = "text";
  Part part;
};

void cut(const Options& options) {
  if (!options.part.given()) {
    throw UsageError("trace cut: which part? (--from=MOMENT, --to=MOMENT or both)");
  }
  const auto source = open_input(options.file, options.dialect);
  const trace::Range range = options.part.resolve(*source);
  OutputRecording out(options.output, {options.file});
  trace::CutResult result;
  {
    ReadingBar bar(options.file, "cutting ");
    result = trace::cut_recording(*source, out.writer(), range,
                                  [&](std::uint64_t offset) { bar(offset); });
  }
  try {
    options.part.check(*source, range, result.extent);
  } catch (const UsageError&) {
    out.discard();
    throw;
  }
  out.writer().info("cut", fmt::format("from {} to {}",
                                       options.part.from.empty() ? "the start" : options.part.from,
                                       options.part.to.empty() ? "the end" : options.part.to));
  out.finish();
  warn_if_incomplete(*source, result.extent);
  report_output(out,
                {{"schema", "heaplab-trace-cut/1"},
                 {"file", options.file},
                 {"from", options.part.from},
                 {"to", options.part.to},
                 {"adopted", result.adopted},
                 {"objects", result.objects},
                 {"allocated_bytes", result.bytes}},
                fmt::format("{} alive at its start, {} allocated in it ({})",
                            format_quantity(result.adopted, "object"), format_count(result.objects),
                            format_bytes(result.bytes)),
                options.format);
}

}  // namespace

void add_trace_cut(CLI::App& trace, int& status) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = trace.add_subcommand("cut", "Make a recording of a part of one");
  verb->add_option("FILE", options->file, "A recording of any format; - for standard input")
      ->required();
  add_dialect(*verb, options->dialect);
  add_output(*verb, options->output);
  add_part(*verb, options->part);
  add_format(*verb, options->format, "heaplab-trace-cut/1");
  verb->footer(
      R"(Objects that are alive when the part begins are in it as older ones, with what they held.

Examples:
  heaplab trace cut app.heaprec --from=10s --to=20s -o part.heaprec
  heaplab trace cut app.heaprec --from=marker:warm -o steady.heaprec
  heaplab trace cut app.heaprec --to=64MiB -o start.heaprec
  heaplab trace cut app.heaprec --from=object:1000000 -o rest.heaprec)");
  verb->callback([options, &status] {
    cut(*options);
    status = 0;
  });
}

}  // namespace heaplab::cli

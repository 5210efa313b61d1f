// SPDX-License-Identifier: MIT
// heaplab trace convert: any format that is read here into ours, or into lines of JSON.
#include <fmt/format.h>

#include <cerrno>
#include <cstring>

#include "heaplab/support/error.h"
#include "heaplab/trace/copy.h"
#include "json_lines.h"
#include "output.h"

namespace heaplab::cli {
namespace {

struct Options {
  std::string file;
  std::string dialect;
  std::string output;
  std::string to = "heaprec";
  std::string format = "text";
};

class Converter : public trace::RecordingCopier {
 public:
  Converter(const trace::RecordingSource& source, trace::RecordingWriter& writer)
      : RecordingCopier(source, writer), bar_(source.path(), "converting ") {}
  void on_block(std::uint64_t offset) override {
    copy_info();
    bar_(offset);
  }

 private:
  ReadingBar bar_;
};

class LinesWithBar : public JsonLines {
 public:
  LinesWithBar(const trace::RecordingSource& source, std::FILE* out)
      : JsonLines(source, out), bar_(source.path(), "converting ") {}
  void on_block(std::uint64_t offset) override { bar_(offset); }

 private:
  ReadingBar bar_;
};

void to_recording(trace::RecordingSource& source, const Options& options) {
  OutputRecording out(options.output, {options.file});
  trace::Extent extent;
  {
    Converter converter(source, out.writer());
    extent = source.read(converter);
    converter.copy_info();
    converter.flush_deaths();
  }
  if (!extent.complete) out.writer().info("cut off", extent.note);
  if (source.format() != trace::RecordingReader("").format()) {
    out.writer().info("converted from", source.format());
  }
  out.finish();
  warn_if_incomplete(source, extent);
  report_output(
      out,
      {{"schema", "heaplab-trace-convert/1"},
       {"file", source.path()},
       {"format", source.format()},
       {"complete", complete_json(extent)},
       {"objects", extent.allocated_objects()},
       {"adopted", extent.adopted},
       {"allocated_bytes", extent.allocated_bytes()}},
      fmt::format("{} of {}", format_quantity(extent.objects, "object"), printable(source.path())),
      options.format);
}

void to_lines(trace::RecordingSource& source, const Options& options) {
  std::FILE* out = options.output == "-" ? stdout : std::fopen(options.output.c_str(), "w");
  if (out == nullptr) {
    throw UsageError(
        fmt::format("--output={}: {}", printable(options.output), std::strerror(errno)));
  }
  const auto failed = [&] {
    return UsageError(
        fmt::format("{}: cannot be written: {}", printable(options.output), std::strerror(errno)));
  };
  trace::Extent extent;
  {
    LinesWithBar lines(source, out);
    lines.header();
    extent = source.read(lines);
    lines.end(extent);
  }
  if (out != stdout && std::fclose(out) != 0) throw failed();
  warn_if_incomplete(source, extent);
}

}  // namespace

void add_trace_convert(CLI::App& trace, int& status) {
  auto options = std::make_shared<Options>();
  CLI::App* verb =
      trace.add_subcommand("convert", "Make a recording of ours of any other, or lines of JSON");
  verb->add_option("FILE", options->file, "A recording of any format; - for standard input")
      ->required();
  add_dialect(*verb, options->dialect);
  add_output(*verb, options->output);
  verb->add_option("--to", options->to, "heaprec (our format), or jsonl: a line of JSON a record")
      ->check(CLI::IsMember({"heaprec", "jsonl"}));
  add_format(*verb, options->format, "heaplab-trace-convert/1");
  verb->footer(R"(Examples:
  heaplab trace convert heaptrack.app.4711.zst -o app.heaprec
  heaplab trace convert --to=jsonl app.heaprec -o - | grep '"op":"marker"'
  ssh host cat app.heaprec | heaplab trace convert - -o app.heaprec)");
  verb->callback([verb, options, &status] {
    if (verb->count("--format") > 0 && options->to == "jsonl") {
      throw UsageError("trace convert: --format has no effect with --to=jsonl");
    }
    const auto source = open_input(options->file, options->dialect);
    options->to == "jsonl" ? to_lines(*source, *options) : to_recording(*source, *options);
    status = 0;
  });
}

}  // namespace heaplab::cli

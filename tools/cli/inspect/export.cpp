// SPDX-License-Identifier: MIT
// heaplab inspect FILE dump, export: for other programs.
#include "heaplab/inspector/queries/export.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "heaplab/inspector/queries/dump.h"
#include "heaplab/support/error.h"
#include "inspect.h"
#include "verbs.h"

namespace heaplab::cli::inspect {
namespace {

using inspector::DumpFormat;

/// Standard output or a file; a disk that is full is an error, a pipe that was closed ends it.
class Destination {
 public:
  explicit Destination(const std::string& path) : path_(path.empty() ? "standard output" : path) {
    if (path.empty() || path == "-") return;
    file_ = std::fopen(path.c_str(), "wb");
    if (file_ == nullptr) fail();
  }
  ~Destination() {
    if (file_ != stdout) std::fclose(file_);
  }
  Destination(const Destination&) = delete;
  Destination& operator=(const Destination&) = delete;

  inspector::ByteSink sink() {
    if (file_ == stdout && is_terminal(STDOUT_FILENO)) {
      return [this](std::string_view bytes) { write(neutralised(bytes)); };
    }
    return [this](std::string_view bytes) { write(bytes); };
  }
  void finish() {
    if (std::fflush(file_) != 0) fail();
  }

 private:
  /// A file gets names as they are; a terminal would obey what is in them.
  static std::string neutralised(std::string_view bytes) {
    std::string result;
    while (!bytes.empty()) {
      const std::size_t end = std::min(bytes.find_first_of("\n\t"), bytes.size());
      result += printable(bytes.substr(0, end));
      if (end < bytes.size()) result += bytes[end];
      bytes.remove_prefix(std::min(end + 1, bytes.size()));
    }
    return result;
  }

  void write(std::string_view bytes) {
    if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size()) fail();
  }

  [[noreturn]] void fail() const {
    throw InputError(path_, fmt::format("cannot be written: {}", std::strerror(errno)));
  }
  std::string path_;
  std::FILE* file_ = stdout;
};

struct ExportOptions {
  std::string format;
  std::string output;
  std::string rows = "nodes";
  std::string view = "dominators";
  std::string id;
  std::string min_size;
  unsigned depth = 0;
  std::size_t limit = 100;
};

void write_rows(const View& view, const std::string& rows, DumpFormat format,
                const inspector::ByteSink& sink) {
  if (rows == "edges") {
    dump_edges(view, format, sink);
  } else if (rows == "classes") {
    dump_classes(view, format, sink);
  } else {
    dump_nodes(view, format, sink);
  }
}

/// A ten-thousandth of the heap if nobody says: what is smaller no flame graph shows.
inspector::ClassTree frames(const View& view, const ExportOptions& options) {
  const std::uint64_t min_size = options.min_size.empty() ? view.analysis().total_size / 10'000
                                                          : size_of(options.min_size, "--min-size");
  return class_tree(view, min_size, options.depth == 0 ? 64 : options.depth);
}

void draw(const View& view, const ExportOptions& options, const inspector::ByteSink& sink) {
  inspector::DotOptions dot;
  dot.node = options.id.empty() ? view.snapshot().root() : find_node(view, options.id);
  dot.dominators = options.view == "dominators";
  dot.depth = options.depth == 0 ? (dot.dominators ? 5 : 2) : options.depth;
  dot.limit = options.limit;
  dot.min_size = size_of(options.min_size, "--min-size");
  write_dot(view, dot, sink);
}

void run_export(const View& view, const ExportOptions& options) {
  Destination destination(options.output);
  const inspector::ByteSink sink = destination.sink();
  if (options.format == "dot") {
    draw(view, options, sink);
  } else if (options.format == "pprof") {
    write_pprof(view, frames(view, options), sink);
  } else if (options.format == "collapsed") {
    write_collapsed(view, frames(view, options), sink);
  } else {
    write_rows(view, options.rows, options.format == "csv" ? DumpFormat::csv : DumpFormat::tsv,
               sink);
  }
  destination.finish();
}

}  // namespace

void add_dump(CLI::App& app, const SourcePointer& source, int& status) {
  auto format = std::make_shared<std::string>("tsv");
  auto output = std::make_shared<std::string>();
  CLI::App* verb = app.add_subcommand("dump", "Every node with DevTools' numbers, a row each");
  verb->add_option("--format", *format, "tsv (with a line of titles) or jsonl")
      ->check(CLI::IsMember({"tsv", "jsonl"}));
  verb->add_option("-o,--output", *output, "Write here, not to standard output")->type_name("FILE");
  verb->footer(
      R"(Columns: id type name self retained distance dominator. `self` is DevTools' shallow size,
`distance` as DevTools holds it (-5: unreached; 100000000: the root), `dominator` an id. In names,
tab, line feed, carriage return and backslash are written \t \n \r \\.

Examples:
  heaplab inspect app.heapsnapshot dump > nodes.tsv
  heaplab inspect app.heapsnapshot dump --format=jsonl | jq -c 'select(.retained > 1000000)')");
  verb->callback([=, &status] {
    const View view = source->open();
    Destination destination(*output);
    dump_nodes(view, *format == "jsonl" ? DumpFormat::jsonl : DumpFormat::tsv, destination.sink());
    destination.finish();
    status = 0;
  });
}

void add_export(CLI::App& app, const SourcePointer& source, int& status) {
  auto options = std::make_shared<ExportOptions>();
  CLI::App* verb = app.add_subcommand("export", "As a graph, a table, a profile or a flame graph");
  verb->add_option("--format", options->format, "dot, csv, tsv, pprof or collapsed")
      ->required()
      ->check(CLI::IsMember({"dot", "csv", "tsv", "pprof", "collapsed"}));
  verb->add_option("-o,--output", options->output, "Write here, not to standard output")
      ->type_name("FILE");
  verb->add_option("--rows", options->rows, "csv, tsv: nodes, edges or classes (nodes)")
      ->check(CLI::IsMember({"nodes", "edges", "classes"}));
  verb->add_option("--id", options->id, "dot: where to begin, as 123 or @123 (the root)")
      ->type_name("ID");
  verb->add_option("--view", options->view,
                   "dot: dominators (what it keeps) or edges (what is around it)")
      ->check(CLI::IsMember({"dominators", "edges"}));
  verb->add_option("--depth", options->depth, "Levels (dot 5, or 2 of edges; frames 64)")
      ->type_name("N")
      ->check(CLI::Range(1U, 10'000U));
  verb->add_option("--limit,--top", options->limit, "dot: nodes at most (100)")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, std::size_t{100'000}));
  add_size(*verb, "--min-size", options->min_size,
           "Leave out (dot) or merge with their parents (pprof, collapsed) what retains less");
  verb->footer(
      R"(pprof and collapsed show the dominator tree by class: a bar is what the objects of a class keep
alive below those of the bar under it.

Examples:
  heaplab inspect app.heapsnapshot export --format=dot --id=@9421 | dot -Tsvg > app.svg
  heaplab inspect app.heapsnapshot export --format=collapsed | flamegraph.pl > app.svg
  heaplab inspect app.heapsnapshot export --format=pprof -o app.pb.gz && pprof -http=: app.pb.gz
  heaplab inspect app.heapsnapshot export --format=csv --rows=classes)");
  verb->callback([=, &status] {
    size_of(options->min_size, "--min-size");  // wrong ones before a large file is read
    run_export(source->open(), *options);
    status = 0;
  });
}

}  // namespace heaplab::cli::inspect

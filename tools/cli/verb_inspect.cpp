// SPDX-License-Identifier: MIT
// heaplab inspect: questions to a heap snapshot.
#include "inspect/inspect.h"
#include "verbs.h"

namespace heaplab::cli {

void add_inspect(CLI::App& app, int& status) {
  CLI::App* verb = app.add_subcommand("inspect", "Ask a heap snapshot: what is in it, and why");
  auto source = std::make_shared<inspect::Source>();
  verb->add_option(
      "FILE", source->file,
      "A .heapsnapshot or .heaptimeline of Node, Chrome or heaplab, a Java heap dump (.hprof); "
      "also .gz, .zst, or - for standard input");
  verb->add_option("--threads", source->threads, "At most so many (as many as there are, up to 2)")
      ->type_name("N")
      ->check(CLI::Range(1U, 64U));
  verb->require_subcommand(0, 1);
  verb->callback([=, &status] {
    if (!verb->get_subcommands().empty()) return;
    inspect::print_overview(*source);
    status = 0;
  });
  verb->footer(R"(Examples:
  heaplab inspect app.heapsnapshot                      the most important of it
  heaplab inspect app.heapsnapshot summary              what the memory is made of
  heaplab inspect app.heapsnapshot top                  the largest objects
  heaplab inspect app.heapsnapshot retainers @9421      why one is alive
  heaplab inspect before.heapsnapshot diff after.heapsnapshot
  jcmd PID GC.heap_dump app.hprof && heaplab inspect app.hprof top

`heaplab inspect FILE VERB --help` explains a verb. Sizes, distances and dominators are those of
Chrome DevTools; of Java heap dumps, sizes are HotSpot's and dominators plain. Every verb has --format=json for programs.)");
  inspect::add_summary(*verb, source, status);
  inspect::add_top(*verb, source, status);
  inspect::add_object(*verb, source, status);
  inspect::add_retainers(*verb, source, status);
  inspect::add_dominators(*verb, source, status);
  inspect::add_containment(*verb, source, status);
  inspect::add_strings(*verb, source, status);
  inspect::add_collections(*verb, source, status);
  inspect::add_closures(*verb, source, status);
  inspect::add_detached(*verb, source, status);
  inspect::add_unreachable(*verb, source, status);
  inspect::add_diff(*verb, source, status);
  inspect::add_find(*verb, source, status);
  inspect::add_dump(*verb, source, status);
  inspect::add_export(*verb, source, status);
}

}  // namespace heaplab::cli

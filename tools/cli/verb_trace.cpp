// SPDX-License-Identifier: MIT
// heaplab trace: questions to recordings, and recordings made of recordings.
#include "trace/lifetimes.h"
#include "trace/sites.h"
#include "trace/trace.h"
#include "verbs.h"

namespace heaplab::cli {

void add_trace(CLI::App& app, int& status) {
  CLI::App* verb = app.add_subcommand("trace", "Look into recordings, and make others of them");
  verb->require_subcommand(1);
  verb->footer(R"(Examples:
  heaplab trace info app.heaprec                    what it holds, how far it can be trusted
  heaplab trace lifetimes app.heaprec               how long objects live
  heaplab trace sites heaptrack.app.zst             who allocates most in a native program
  heaplab trace diff before.heaprec after.heaprec   what changed, by place and type
  heaplab trace cut app.heaprec --from=10s -o steady.heaprec

`heaplab trace VERB --help` explains a verb. All read every format that is known here: heaplab's
own, and those of other tools; `convert` makes the one of the others.)");
  add_trace_info(*verb, status);
  add_trace_check(*verb, status);
  add_trace_lifetimes(*verb, status);
  add_trace_sites(*verb, status);
  add_trace_diff(*verb, status);
  add_trace_convert(*verb, status);
  add_trace_cut(*verb, status);
  add_trace_merge(*verb, status);
}

}  // namespace heaplab::cli

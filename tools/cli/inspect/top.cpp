// SPDX-License-Identifier: MIT
// heaplab inspect FILE top: the largest objects.
#include <fmt/format.h>

#include "inspect.h"

namespace heaplab::cli::inspect {

void add_top(CLI::App& app, const SourcePointer& source, int& status) {
  auto listing = std::make_shared<Listing>();
  CLI::App* verb = app.add_subcommand("top", "The largest objects, by what they retain");
  add_format(*verb, *listing, "top");
  add_limit(*verb, *listing, 20);
  add_sort(*verb, *listing, {"retained", "self"});
  verb->footer(R"(Examples:
  heaplab inspect app.heapsnapshot top
  heaplab inspect app.heapsnapshot top --sort=self --limit=5

Then ask why one is alive: heaplab inspect app.heapsnapshot retainers @ID)");
  verb->callback([=, &status] {
    const View view = source->open();
    const auto nodes = top_nodes(view, node_order(listing->sort), listing->limit);
    if (listing->json()) {
      Json result = document(view, "top");
      result["total"] = view.analysis().total_size;
      result["objects"] = Json::array();
      for (const NodeIndex node : nodes) result["objects"].push_back(node_json(view, node));
      print(result);
    } else {
      node_table(view, nodes).print();
    }
    status = 0;
  });
}

}  // namespace heaplab::cli::inspect

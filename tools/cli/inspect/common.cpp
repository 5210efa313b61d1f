// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <unordered_map>

#include "../sizes.h"
#include "heaplab/support/byte_stream.h"
#include "heaplab/support/error.h"
#include "heaplab/support/format.h"
#include "heaplab/support/pipe_input.h"
#include "heaplab/trace/open.h"
#include "inspect.h"
#include "verbs.h"

namespace heaplab::cli::inspect {
namespace {

/// What `heaplab run` writes besides snapshots has verbs of its own.
void refuse_others(const std::string& path) {
  const InputStart start(path);
  ByteStream stream(start.path());
  stream.accept_early_end();
  std::array<char, 512> buffer{};
  const std::string_view text(buffer.data(), stream.read(buffer));
  if (text.starts_with("\x89HLREC")) {
    throw InputError(path, 0,
                     "this is a recording (heaplab run --record), inspect reads heap snapshots: "
                     "`heaplab leaks` judges it, `heaplab trace info` describes it");
  }
  if (trace::is_foreign_recording(start.path())) {
    throw InputError(
        path, 0,
        fmt::format("this is a recording ({}), inspect reads heap snapshots: `heaplab leaks` "
                    "judges it, `heaplab trace` has the verbs for it",
                    trace::open_recording(start.path())->format()));
  }
  const std::string_view line = text.substr(0, text.find('\n'));
  if (line.starts_with('{') && line.find("\"heapUsed\"") != std::string_view::npos) {
    throw InputError(path, 0,
                     "this is a memory log (heaplab run --memory), inspect reads heap snapshots: "
                     "`heaplab memory` draws it");
  }
}

}  // namespace

View Source::open() const {
  if (file.empty()) throw UsageError("inspect: which file? (heaplab inspect FILE VERB)");
  return open(file);
}

View Source::open(const std::string& path) const {
  refuse_others(path);
  return inspector::open_view(path, threads);
}

CLI::Option* add_format(CLI::App& verb, Listing& listing, const char* name) {
  return verb
      .add_option("--format", listing.format,
                  fmt::format("text, or json (schema heaplab-inspect-{}/1)", name))
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"text", "json"}));
}

CLI::Option* add_limit(CLI::App& verb, Listing& listing, std::size_t standard) {
  listing.limit = standard;
  return verb
      .add_option("--limit,--top", listing.limit, fmt::format("Rows at most ({})", standard))
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1} << 32));
}

CLI::Option* add_sort(CLI::App& verb, Listing& listing, const std::vector<std::string>& orders) {
  listing.sort = orders.front();
  return verb
      .add_option("--sort", listing.sort,
                  fmt::format("{} ({})", fmt::join(orders, ", "), orders.front()))
      ->type_name("ORDER")
      ->check(CLI::IsMember(orders));
}

CLI::Option* add_size(CLI::App& verb, const char* option, std::string& text, const char* help) {
  return verb.add_option(option, text, help)->type_name("SIZE");
}

std::uint64_t size_of(const std::string& text, const char* option) {
  return text.empty() ? 0 : parse_size(text, option);
}

inspector::NodeOrder node_order(const std::string& name) {
  using inspector::NodeOrder;
  if (name == "self") return NodeOrder::self;
  if (name == "distance") return NodeOrder::distance;
  return name == "id" ? NodeOrder::id : NodeOrder::retained;
}

NodeIndex find_node(const View& view, const std::string& id) {
  const char* begin = id.data() + (id.starts_with('@') ? 1 : 0);
  const char* end = id.data() + id.size();
  const bool hexadecimal = id.compare(static_cast<std::size_t>(begin - id.data()), 2, "0x") == 0;
  if (hexadecimal) begin += 2;
  std::uint64_t number = 0;
  const auto [stop, error] = std::from_chars(begin, end, number, hexadecimal ? 16 : 10);
  if (error == std::errc::invalid_argument || stop != end || begin == end) {
    throw UsageError(
        fmt::format("{} is no id: expected a number, as in 123, @123 or 0x7b", printable(id)));
  }
  const NodeIndex node =
      error == std::errc() ? view.snapshot().find_id(number) : inspector::no_node;
  if (node == inspector::no_node) {
    throw UsageError(fmt::format("{} has no object with the id {}",
                                 printable(view.snapshot().file()), printable(id)));
  }
  return node;
}

Json document(const View& view, std::string_view verb) {
  return {{"schema", fmt::format("heaplab-inspect-{}/1", verb)}, {"file", view.snapshot().file()}};
}

void print(const Json& document) {
  fmt::print("{}\n", document.dump(2, ' ', false, Json::error_handler_t::replace));
}

Json node_json(const View& view, NodeIndex node) {
  const inspector::Snapshot& snapshot = view.snapshot();
  return {{"id", snapshot.id(node)},
          {"type", to_string(snapshot.type(node))},
          {"name", snapshot.name(node)},
          {"class", view.class_name(node)},
          {"self", view.shallow(node)},
          {"retained", view.retained(node)},
          {"distance", view.analysis().distances[node]}};
}

Json path_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

std::string shown(std::string_view text, std::size_t columns) {
  return truncate_to_width(printable(text), columns);
}

std::string node_text(const View& view, NodeIndex node, std::size_t columns) {
  return fmt::format("{} {}", shown(view.label(node), columns), view.id_text(node));
}

std::string distance_text(std::int32_t distance) {
  if (distance < 0) return "–";
  return distance >= inspector::distance_root ? "engine" : std::to_string(distance);
}

Table node_table(const View& view, const std::vector<NodeIndex>& nodes) {
  Table table({{"distance"}, {"shallow"}, {"retained"}, {"%"}, {"id"}, {"object", Align::left}});
  const auto total = static_cast<double>(view.analysis().total_size);
  for (const NodeIndex node : nodes) {
    table.add({distance_text(view.analysis().distances[node]), format_bytes(view.shallow(node)),
               format_bytes(view.retained(node)),
               format_percent(static_cast<double>(view.retained(node)), total), view.id_text(node),
               shown(view.label(node), 400)});
  }
  return table;
}

}  // namespace heaplab::cli::inspect

// SPDX-License-Identifier: MIT
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "heaplab/inspector/queries/top.h"
#include "heaplab/inspector/queries/view.h"
#include "table.h"

// What the verbs of `heaplab inspect FILE VERB` share: each is a file here, with a function that
// declares its options.

namespace heaplab::cli::inspect {

using inspector::NodeIndex;
using inspector::View;
using Json = nlohmann::ordered_json;

/// Options of `inspect` itself.
struct Source {
  std::string file;
  unsigned threads = 0;
  /// Reads and analyses the file. Throws UsageError if none was named.
  View open() const;
  View open(const std::string& path) const;
};
using SourcePointer = std::shared_ptr<Source>;

/// Options that most verbs have.
struct Listing {
  std::string format = "text";
  std::size_t limit = 20;
  std::string sort;
  bool json() const { return format == "json"; }
};

CLI::Option* add_format(CLI::App& verb, Listing& listing, const char* name);
CLI::Option* add_limit(CLI::App& verb, Listing& listing, std::size_t standard);
CLI::Option* add_sort(CLI::App& verb, Listing& listing, const std::vector<std::string>& orders);
/// Nothing says less, "all" or 0 says all.
CLI::Option* add_size(CLI::App& verb, const char* option, std::string& text, const char* help);
/// A size as typed with add_size. Throws UsageError.
std::uint64_t size_of(const std::string& text, const char* option);

inspector::NodeOrder node_order(const std::string& name);

/// `123` or `@123`. Throws UsageError if the file has no such node, or it is no number.
NodeIndex find_node(const View& view, const std::string& id);

/// With "schema" and "file" first.
Json document(const View& view, std::string_view verb);
void print(const Json& document);

/// id, type, name, class, self, retained, distance.
Json node_json(const View& view, NodeIndex node);
Json path_or_null(const std::string& text);

/// `Map @123`, to be printed: neutralised, cut to `columns`.
std::string node_text(const View& view, NodeIndex node, std::size_t columns = 60);
/// DevTools' distances for people: "3", "engine" beyond the root, "–" where unreached.
std::string distance_text(std::int32_t distance);
/// `text` for a terminal, in at most `columns`.
std::string shown(std::string_view text, std::size_t columns = 60);

/// Columns distance, shallow, retained and percent, then the id and the label.
Table node_table(const View& view, const std::vector<NodeIndex>& nodes);

/// The summary as text, for those who name no verb, and what else can be asked.
void print_overview(const Source& source);
void add_summary(CLI::App& app, const SourcePointer& source, int& status);
void add_top(CLI::App& app, const SourcePointer& source, int& status);
void add_object(CLI::App& app, const SourcePointer& source, int& status);
void add_retainers(CLI::App& app, const SourcePointer& source, int& status);
void add_dominators(CLI::App& app, const SourcePointer& source, int& status);
void add_containment(CLI::App& app, const SourcePointer& source, int& status);
void add_strings(CLI::App& app, const SourcePointer& source, int& status);
void add_collections(CLI::App& app, const SourcePointer& source, int& status);
void add_closures(CLI::App& app, const SourcePointer& source, int& status);
void add_detached(CLI::App& app, const SourcePointer& source, int& status);
void add_unreachable(CLI::App& app, const SourcePointer& source, int& status);
void add_diff(CLI::App& app, const SourcePointer& source, int& status);
void add_find(CLI::App& app, const SourcePointer& source, int& status);
void add_dump(CLI::App& app, const SourcePointer& source, int& status);
void add_export(CLI::App& app, const SourcePointer& source, int& status);

}  // namespace heaplab::cli::inspect

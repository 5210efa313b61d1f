// SPDX-License-Identifier: MIT
// heaplab trace info: what a recording holds, and how far it can be trusted.
#include "info.h"

#include "heaplab/trace/allocation_site.h"

namespace heaplab::cli {
namespace {

struct Options {
  std::string file;
  std::string dialect;
  std::string format = "text";
  std::size_t limit = 8;
  Part part;
};

/// Totals by number put together by name, the largest first.
template <class Name>
std::vector<InfoGroup> ranked(const std::vector<InfoTotal>& totals, std::size_t limit, Name name) {
  std::map<std::string, InfoTotal> by_name;
  for (std::size_t i = 0; i < totals.size(); ++i) {
    if (totals[i].count == 0 && totals[i].bytes == 0) continue;
    InfoTotal& sum = by_name[name(static_cast<std::uint32_t>(i))];
    sum.count += totals[i].count;
    sum.bytes += totals[i].bytes;
  }
  by_name.erase("");
  std::vector<InfoGroup> list;
  for (const auto& [key, total] : by_name) list.push_back({key, total});
  std::stable_sort(list.begin(), list.end(), [](const InfoGroup& a, const InfoGroup& b) {
    return a.total.bytes > b.total.bytes;
  });
  if (list.size() > limit) list.resize(limit);
  return list;
}

std::vector<InfoTotal> by_stack(const std::vector<trace::ProfileEntry>& profile) {
  std::vector<InfoTotal> totals;
  for (const trace::ProfileEntry& entry : profile) {
    if (entry.stack >= totals.size()) totals.resize(entry.stack + std::size_t{1});
    totals[entry.stack].count += entry.objects;
    totals[entry.stack].bytes += entry.bytes;
  }
  return totals;
}

/// What heaptrack's own tool says of its files.
std::optional<trace::AllocationSummary> native_totals(const trace::RecordingSource& source) {
  if (source.format() != "heaptrack") return std::nullopt;
  trace::SummaryOptions totals_only;
  totals_only.sites = 0;
  return trace::summarize_allocations(source.path(), totals_only);
}

void info(const Options& options) {
  const auto source = open_input(options.file, options.dialect);
  const trace::Range range = options.part.resolve(*source);
  InfoCounter counter(*source);
  const trace::Extent extent =
      options.part.given() ? source->read_range(counter, range) : source->read(counter);
  options.part.check(*source, range, extent);
  const trace::Tables& tables = source->tables();
  trace::SiteFinder finder(tables);
  const auto site = [&](std::uint32_t stack) {
    return stack == 0 ? std::string() : place_of_frame(tables, finder.site(stack));
  };
  InfoReport report{*source, extent, counter, options.part, {}, {}, {}, {}};
  report.types = ranked(counter.types, options.limit,
                        [&](std::uint32_t type) { return tables.type_name(type); });
  report.sites = ranked(counter.stacks, options.limit, site);
  report.profile_sites = ranked(by_stack(counter.profile), options.limit, site);
  if (!options.part.given()) report.native = native_totals(*source);
  options.format == "json" ? print_info_json(report) : print_info_text(report);
  warn_if_incomplete(*source, extent);
}

}  // namespace

void add_trace_info(CLI::App& trace, int& status) {
  auto options = std::make_shared<Options>();
  CLI::App* verb =
      trace.add_subcommand("info", "Say what a recording holds, and how far it can be trusted");
  verb->add_option("FILE", options->file, "A recording of any format; - for standard input")
      ->required();
  add_dialect(*verb, options->dialect);
  add_part(*verb, options->part);
  add_limit(*verb, options->limit, "Types and places to name");
  add_format(*verb, options->format, "heaplab-recording/2");
  verb->footer(R"(Examples:
  heaplab trace info app.heaprec
  heaplab trace info --from=marker:warm --to=marker:done app.heaprec
  heaplab trace info --format=json app.heaprec | jq .knows)");
  verb->callback([options, &status] {
    info(*options);
    status = 0;
  });
}

}  // namespace heaplab::cli

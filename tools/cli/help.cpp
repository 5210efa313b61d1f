// SPDX-License-Identifier: MIT
#include "help.h"

#include <fmt/format.h>

#include <memory>

#include "heaplab/support/text.h"
#include "suggest.h"
#include "verbs.h"

namespace heaplab::cli {
namespace {

/// "N" of "N:UINT in [1 - 64]", "text|json" of "FORMAT:{text,json}".
std::string shown_type(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const std::size_t colon = type.find(':');
  if (colon == std::string::npos) return type;
  if (type[colon + 1] != '{') return type.substr(0, colon);
  std::string values = type.substr(colon + 2, type.find('}') - colon - 2);
  for (char& c : values) {
    if (c == ',') c = '|';
  }
  return values;
}

/// The verb that these words name; throws UsageError if there is none.
const CLI::App* find_verb(const CLI::App& app, const std::vector<std::string>& words) {
  const CLI::App* verb = &app;
  std::string path;
  for (const std::string& word : words) {
    const auto verbs =
        verb->get_subcommands([&](const CLI::App* below) { return below->get_name() == word; });
    if (verbs.empty()) {
      std::vector<std::string> names;
      for (const CLI::App* below : verb->get_subcommands([](const CLI::App*) { return true; })) {
        names.push_back(below->get_name());
      }
      throw UsageError(fmt::format("there is no verb {}{}{}", path.empty() ? "" : path + " ",
                                   printable(word), did_you_mean(word, names)));
    }
    verb = verbs.front();
    path += (path.empty() ? "" : " ") + word;
  }
  return verb;
}

}  // namespace

std::string HelpFormatter::make_usage(const CLI::App* app, std::string name) const {
  std::string usage = Formatter::make_usage(app, std::move(name));
  // A verb that hands the rest of the line on: only `run`.
  if (!app->get_prefix_command()) return usage;
  while (usage.ends_with('\n')) usage.pop_back();
  return usage + " SCRIPT [ARGUMENTS]\n";
}

/// "--trace-gc" of "--trace-gc{text}": what it is without a value says its description.
std::string HelpFormatter::make_option_name(const CLI::Option* option, bool is_positional) const {
  std::string name = Formatter::make_option_name(option, is_positional);
  for (std::size_t start = 0; (start = name.find('{', start)) != std::string::npos;) {
    name.erase(start, name.find('}', start) - start + 1);
  }
  return name;
}

std::string HelpFormatter::make_option_opts(const CLI::Option* option) const {
  if (!option->get_option_text().empty()) return " " + option->get_option_text();
  if (option->get_type_size() == 0) return {};
  std::string text;
  const std::string type = shown_type(*option);
  const bool is_bare = option->get_positional() && (type == "TEXT" || type.empty());
  if (!is_bare) text += " " + type;
  if (option->get_expected_max() > 1) text += " ...";
  if (option->get_required() && !option->get_positional()) text += " (required)";
  return text;
}

std::string HelpFormatter::make_option_usage(const CLI::Option* option) const {
  std::string name = make_option_name(option, true);
  for (int more = 1; more < option->get_expected_min(); ++more) {
    name += " " + make_option_name(option, true);
  }
  if (option->get_expected_max() > 1) name += "...";
  return option->get_required() ? name : "[" + name + "]";
}

void add_help(CLI::App& app) {
  auto words = std::make_shared<std::vector<std::string>>();
  CLI::App* help = app.add_subcommand("help", "Explain a verb: heaplab help trace info");
  help->add_option("VERB", *words, "The verb; of one that has verbs, which of them");
  help->callback([&app, words] {
    const CLI::App* verb = find_verb(app, *words);
    std::string above = words->empty() ? "" : "heaplab";
    for (std::size_t i = 0; i + 1 < words->size(); ++i) above += " " + (*words)[i];
    fmt::print("{}", verb->help(above));
  });
}

}  // namespace heaplab::cli

// SPDX-License-Identifier: MIT
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace heaplab::cli {

/// `heaplab VERB --help`: usage as one would type it, and options without the types of the parser.
class HelpFormatter : public CLI::Formatter {
 public:
  std::string make_usage(const CLI::App* app, std::string name) const override;
  std::string make_option_name(const CLI::Option* option, bool is_positional) const override;
  std::string make_option_opts(const CLI::Option* option) const override;
  std::string make_option_usage(const CLI::Option* option) const override;
};

/// Adds `heaplab help [VERB…]`.
void add_help(CLI::App& app);

}  // namespace heaplab::cli

// SPDX-License-Identifier: MIT
// The heaplab program: parses the command line, runs one verb, turns errors into one line.
#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <memory>

#include "heaplab/support/error.h"
#include "heaplab/support/text.h"
#include "help.h"
#include "suggest.h"
#include "verbs.h"

namespace heaplab::cli {
namespace {

constexpr const char* examples = R"(Examples:
  heaplab run app.js                          run a program
  heaplab run --trace-gc app.js               … and print a line per collection
  heaplab run --memory=app.jsonl app.js       … and note its memory over time
  heaplab memory app.jsonl                    draw that
  heaplab run --record=app.heaprec app.js     record every allocation
  heaplab leaks app.heaprec                   say what leaks, who holds it, and why
  heaplab replay app.heaprec --gc=all --heap-multiple=2    run it again on other collectors

`heaplab VERB --help` explains a verb.)";

int fail(const std::string& message) {
  std::fflush(stdout);
  fmt::print(stderr, "heaplab: {}\n", message);
  return exit_code(ExitStatus::bad_input);
}

std::vector<std::string> verb_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(verb->get_name());
  }
  return names;
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

const CLI::App& chosen(const CLI::App& app) {
  const auto verbs = app.get_subcommands();
  return verbs.empty() ? app : chosen(*verbs.front());
}

/// "leaks" of "heaplab leaks", "trace info" of "heaplab trace info"; "" for the program itself.
std::string verb_path(const CLI::App& verb) {
  const CLI::App* above = verb.get_parent();
  if (above == nullptr) return {};
  const std::string path = verb_path(*above);
  return path.empty() ? verb.get_name() : path + " " + verb.get_name();
}

/// What is wrong with an argument that nothing takes.
std::string explain_extra(const CLI::App& verb, const std::string& typed) {
  const std::string path = verb_path(verb);
  const std::string help = fmt::format(" (see heaplab {}--help)", path.empty() ? "" : path + " ");
  if (typed.starts_with('-')) {
    const std::string name = typed.substr(0, typed.find('='));
    return fmt::format("{} has no option {}{}{}", path.empty() ? "heaplab" : path, printable(name),
                       did_you_mean(name, option_names(verb)), help);
  }
  const std::vector<std::string> verbs = verb_names(verb);
  if (!verbs.empty()) {
    return fmt::format("there is no verb {}{}{}{}", path.empty() ? "" : path + " ",
                       printable(typed), did_you_mean(typed, verbs), help);
  }
  return fmt::format("{}: {} is one argument too many{}", path, printable(typed), help);
}

/// CLI11's message, and what was probably meant.
std::string explain(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& verb = chosen(app);
  const bool extra = dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr ||
                     (!verb_names(verb).empty() && !app.remaining(true).empty());
  const std::vector<std::string> extras = app.remaining(true);
  if (extra && !extras.empty()) return explain_extra(verb, extras.front());
  const std::string path = verb_path(verb);
  return fmt::format("{} (see heaplab {}--help)", printable(error.what()),
                     path.empty() ? "" : path + " ");
}

/// Output that is lost is an error, whatever was computed.
int finish_output(int status) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return status;
  fmt::print(stderr, "heaplab: standard output: cannot be written: {}\n", std::strerror(errno));
  return status != 0 ? status : exit_code(ExitStatus::bad_input);
}

int run_program(int argc, char** argv) {
  CLI::App app("A garbage collector you can watch, and a leak checker that names the holder.",
               "heaplab");
  app.footer(examples);
  app.formatter(std::make_shared<HelpFormatter>());
  app.set_version_flag("--version", "heaplab " HEAPLAB_VERSION);
  app.set_help_flag("-h,--help", "Show this and exit");
  app.require_subcommand(0, 1);
  int status = 0;
  add_run(app, status);
  add_leaks(app, status);
  add_inspect(app, status);
  add_memory(app, status);
  add_trace(app, status);
  add_replay(app, status);
  add_plans(app, status);
  app.add_subcommand("version", "Print the version")->callback([] {
    fmt::print("heaplab {}\n", HEAPLAB_VERSION);
  });
  add_help(app);
  if (argc < 2) {
    fmt::print("{}", app.help());
    return 0;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {
    return app.exit(success);
  } catch (const CLI::ParseError& error) {
    return fail(explain(app, error));
  }
  return status;
}

}  // namespace
}  // namespace heaplab::cli

int main(int argc, char** argv) {
  using namespace heaplab;
  try {
    return cli::finish_output(cli::run_program(argc, argv));
  } catch (const InputError& error) {
    return cli::fail(error.what());
  } catch (const cli::UsageError& error) {
    return cli::fail(error.what());
  } catch (const std::bad_alloc&) {
    return cli::fail("out of memory");
  } catch (const std::exception& error) {
    return cli::fail(printable(error.what()));
  }
}

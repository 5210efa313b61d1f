// SPDX-License-Identifier: MIT
// The CommonJS loader: `require`, resolution, the cache.
#include "modules.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "heaplab/interp/builtins.h"
#include "heaplab/interp/compiler.h"
#include "install.h"
#include "json.h"
#include "support.h"

namespace heaplab::interp {
namespace builtins {

namespace {

namespace fs = std::filesystem;

struct Loader {
  Value cache = Value::undefined();     ///< require.cache: file name → module
  Value embedded = Value::undefined();  ///< name → module
  Value main = Value::undefined();      ///< require.main
  Value module_prototype = Value::undefined();
  Value binding = Value::undefined();
};

Loader& loader(Runtime& runtime) { return runtime.state<Loader>(); }

const EmbeddedModule* find_embedded(std::string_view name) {
  for (const EmbeddedModule& module : embedded_modules()) {
    if (module.name == name) return &module;
  }
  return nullptr;
}

// Node has these; this program does not, and says so instead of "not found".
bool is_missing_node_module(std::string_view name) {
  static constexpr std::string_view names[] = {"async_hooks",
                                               "child_process",
                                               "cluster",
                                               "crypto",
                                               "dgram",
                                               "diagnostics_channel",
                                               "dns",
                                               "domain",
                                               "http",
                                               "http2",
                                               "https",
                                               "inspector",
                                               "module",
                                               "net",
                                               "punycode",
                                               "querystring",
                                               "readline",
                                               "repl",
                                               "stream",
                                               "string_decoder",
                                               "test",
                                               "tls",
                                               "trace_events",
                                               "tty",
                                               "url",
                                               "vm",
                                               "wasi",
                                               "worker_threads",
                                               "zlib",
                                               "stream/promises",
                                               "readline/promises",
                                               "constants",
                                               "sys"};
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

std::string_view without_scheme(std::string_view request) {
  return request.starts_with("node:") ? request.substr(5) : request;
}

bool is_builtin_module(std::string_view name) {
  return !name.starts_with("internal:") && find_embedded(name) != nullptr;
}

// ---- Resolution

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

bool is_file(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

fs::path try_file(const fs::path& path) {
  if (is_file(path)) return path;
  for (const char* extension : {".js", ".json"}) {
    const fs::path with = path.string() + extension;
    if (is_file(with)) return with;
  }
  if (is_file(path.string() + ".cjs")) return path.string() + ".cjs";
  return {};
}

// package.json's "main", or an empty string.
std::string package_main(Runtime& runtime, const fs::path& directory) {
  const fs::path file = directory / "package.json";
  if (!is_file(file)) return {};
  RootedValue description(runtime, parse_json(runtime, utf8_to_utf16(read_file(file))));
  if (!description.get().is_object()) return {};
  const Value main = get_property(runtime, description, "main");
  return main.is_string() ? to_utf8(main.as_string()) : std::string();
}

fs::path try_path(Runtime& runtime, const fs::path& path) {
  if (const fs::path file = try_file(path); !file.empty()) return file;
  std::error_code error;
  if (!fs::is_directory(path, error)) return {};
  const std::string main = package_main(runtime, path);
  if (!main.empty()) {
    if (const fs::path file = try_file(path / main); !file.empty()) return file;
    if (const fs::path file = try_file(path / main / "index"); !file.empty()) return file;
  }
  return try_file(path / "index");
}

[[noreturn]] void throw_not_found(Runtime& runtime, std::string_view request,
                                  const std::string& from, bool known_to_node) {
  std::string message = fmt::format("Cannot find module '{}'", request);
  if (known_to_node) {
    message += ": this module of Node.js is not provided by heaplab run";
  }
  if (!from.empty()) message += "\nRequire stack:\n- " + from;
  Rooted<JSObject> error(runtime, new_error(runtime, ErrorKind::Error, message));
  RootedValue code(runtime, text_value(runtime, "MODULE_NOT_FOUND"));
  define(runtime, error.get(), PropertyKey(runtime.atoms().code), code);
  RootedValues stack(runtime);
  if (!from.empty()) stack.push_back(text_value(runtime, from));
  RootedValue list(runtime, Value(array_of(runtime, stack)));
  define_value(runtime, error.get(), "requireStack", list, kAll);
  throw_value(runtime, error.value());
}

// The file a request means, seen from a file in `directory`.
std::string resolve(Runtime& runtime, const std::string& request, const std::string& from) {
  const fs::path directory = from.empty() ? fs::current_path() : fs::path(from).parent_path();
  fs::path found;
  if (request.starts_with("./") || request.starts_with("../") || request.starts_with("/") ||
      request == "." || request == "..") {
    found = try_path(runtime, (directory / request).lexically_normal());
  } else {
    for (fs::path at = directory; found.empty(); at = at.parent_path()) {
      found = try_path(runtime, at / "node_modules" / request);
      if (at == at.root_path() || at.empty()) break;
    }
  }
  if (found.empty()) {
    throw_not_found(runtime, request, from, is_missing_node_module(without_scheme(request)));
  }
  std::error_code error;
  const fs::path canonical = fs::canonical(found, error);
  return error ? found.string() : canonical.string();
}

// ---- Modules

// Guest code sees a SyntaxError whose stack begins with the place, as Node's does.
[[noreturn]] void throw_syntax_error(Runtime& runtime, const SyntaxError& error) {
  Rooted<JSObject> guest(runtime, new_error(runtime, ErrorKind::SyntaxError, error.what()));
  RootedValue stack(runtime, text_value(runtime, error.report()));
  define(runtime, guest.get(), PropertyKey(runtime.atoms().stack), stack, kHidden);
  throw_value(runtime, guest.value());
}

Value exports_of(Runtime& runtime, Value module) {
  return get_named(runtime, module, runtime.atoms().exports);
}

Value require_method(Runtime& runtime, Arguments& args);
Value require_resolve(Runtime& runtime, Arguments& args);
const NativeInfo require_info{"require", 1, require_method};
const NativeInfo resolve_info{"resolve", 1, require_resolve};

Value new_module(Runtime& runtime, const std::string& filename, const std::string& id,
                 Value parent_arg) {
  RootedValue parent(runtime, parent_arg);
  Rooted<JSObject> module(
      runtime, new_object_with_prototype(runtime, loader(runtime).module_prototype.as_object(), 8));
  const auto put = [&](const char* name, Value value) {
    define_value(runtime, module.get(), name, value, kAll);
  };
  put("id", text_value(runtime, id));
  put("path", text_value(runtime, fs::path(filename).parent_path().string()));
  put("exports", Value(new_object(runtime)));
  put("filename", text_value(runtime, filename));
  put("loaded", Value::boolean(false));
  put("children", Value(new_array(runtime)));
  if (parent.get().is_object()) {
    RootedValue children(runtime, get_property(runtime, parent, "children"));
    if (is_array(children)) {
      array_push(runtime, children.get().as<JSArray>(), module.value());
    }
  }
  return module.value();
}

// `require` as one module sees it. It captures the module.
Value make_require(Runtime& runtime, Value module_arg) {
  RootedValue module(runtime, module_arg);
  const auto capturing_module = [&](const NativeInfo& info) {
    const Value captured[] = {module.get()};  // read anew each time: the module moves
    return new_native_function(runtime, info, captured);
  };
  Rooted<JSObject> require(runtime, capturing_module(require_info));
  Rooted<JSObject> resolver(runtime, capturing_module(resolve_info));
  define_value(runtime, require.get(), "resolve", resolver.value(), kAll);
  define_value(runtime, require.get(), "main", loader(runtime).main, kAll);
  define_value(runtime, require.get(), "cache", loader(runtime).cache, kAll);
  return require.value();
}

std::shared_ptr<const Source> make_source(const std::string& name, std::string_view text) {
  // A "#!" line is a comment, but its line break counts.
  if (!text.starts_with("#!")) return Source::from_utf8(name, text);
  return Source::from_utf8(name, "//" + std::string(text.substr(2)));
}

void run_module(Runtime& runtime, Value module_arg, const std::string& filename,
                std::string_view text) {
  RootedValue module(runtime, module_arg);
  RootedValue require(runtime, make_require(runtime, module));
  Rooted<JSFunction> body(runtime);
  try {
    body = runtime.instantiate(compile_module(make_source(filename, text)));
  } catch (const SyntaxError& error) {
    throw_syntax_error(runtime, error);
  }
  RootedValue exports(runtime, exports_of(runtime, module));
  RootedValue name(runtime, text_value(runtime, filename));
  RootedValue directory(runtime, text_value(runtime, fs::path(filename).parent_path().string()));
  call(runtime, body.value(), exports,
       {exports.get(), require.get(), module.get(), name.get(), directory.get()});
}

void load_json_module(Runtime& runtime, Value module_arg, const std::string& filename) {
  RootedValue module(runtime, module_arg);
  RootedValue value(runtime);
  try {
    value = parse_json(runtime, utf8_to_utf16(read_file(filename)));
  } catch (const ScriptException&) {
    RootedValue error(runtime, runtime.take_exception());
    const std::string message = to_text(runtime, get_property(runtime, error, "message"));
    throw_error(runtime, ErrorKind::SyntaxError, filename + ": " + message);
  }
  set_named(runtime, module, runtime.atoms().exports, value);
}

Value load_file(Runtime& runtime, const std::string& filename, Value parent_arg, bool is_main) {
  RootedValue parent(runtime, parent_arg);
  RootedValue name(runtime, text_value(runtime, filename));
  RootedValue key(runtime, to_property_key(runtime, name).to_rootable());
  const auto cache_key = [&] { return PropertyKey::from_value(key.get()); };
  const Value cached = get(runtime, loader(runtime).cache, cache_key());
  if (cached.is_object()) return exports_of(runtime, cached);
  RootedValue module(runtime, new_module(runtime, filename, is_main ? "." : filename, parent));
  if (is_main) loader(runtime).main = module;
  set(runtime, loader(runtime).cache, cache_key(), module);
  try {
    if (filename.ends_with(".json")) {
      load_json_module(runtime, module, filename);
    } else {
      run_module(runtime, module, filename, read_file(filename));
    }
  } catch (const ScriptException&) {
    delete_property(runtime, loader(runtime).cache.as_object(), cache_key());
    throw;
  }
  define_value(runtime, module.get().as_object(), "loaded", Value::boolean(true), kAll);
  return exports_of(runtime, module);
}

Value captured_module(const Arguments& args) {
  return static_cast<JSNativeFunction*>(args.callee().as_object())->captured(0);
}

std::string filename_of(Runtime& runtime, Value module) {
  const Value name = get_property(runtime, module, "filename");
  return name.is_string() ? to_utf8(name.as_string()) : std::string();
}

std::string request_of(Runtime& runtime, const Arguments& args) {
  if (!args[0].is_string()) {
    throw_invalid_argument(runtime, "id", "of type string", args[0]);
  }
  if (args[0].as_string()->length() == 0) {
    throw_node_error(runtime, ErrorKind::TypeError, "ERR_INVALID_ARG_VALUE",
                     "The argument 'id' must be a non-empty string. Received ''");
  }
  return to_utf8(args[0].as_string());
}

Value require_method(Runtime& runtime, Arguments& args) {
  const std::string request = request_of(runtime, args);
  const std::string from = filename_of(runtime, captured_module(args));
  const std::string_view bare = without_scheme(request);
  // Only embedded modules may see the internal ones.
  if (request.starts_with("internal:") && from.starts_with("node:")) {
    return require_embedded(runtime, request);
  }
  if (is_builtin_module(bare)) return require_embedded(runtime, bare);
  if (request.starts_with("node:")) {
    if (is_missing_node_module(bare)) throw_not_found(runtime, request, from, true);
    throw_node_error(runtime, ErrorKind::Error, "ERR_UNKNOWN_BUILTIN_MODULE",
                     "No such built-in module: " + request);
  }
  const std::string filename = resolve(runtime, request, from);  // may collect: before the module
  return load_file(runtime, filename, captured_module(args), false);
}

Value require_resolve(Runtime& runtime, Arguments& args) {
  const std::string request = request_of(runtime, args);
  if (is_builtin_module(without_scheme(request))) return args[0];
  return text_value(runtime,
                    resolve(runtime, request, filename_of(runtime, captured_module(args))));
}

Value module_constructor(Runtime& runtime, Arguments&) {
  throw_type_error(runtime, "Module is not supported as a constructor by heaplab run");
}
const NativeInfo module_info{"Module", 0, module_constructor, true};

}  // namespace

Value require_embedded(Runtime& runtime, std::string_view name) {
  if (name == "internal:binding") {
    Loader& state = loader(runtime);
    if (state.binding.is_undefined()) state.binding = make_binding(runtime);
    return state.binding;
  }
  RootedValue key(runtime, runtime.key(name).to_rootable());
  const auto cache_key = [&] { return PropertyKey::from_value(key.get()); };
  const Value cached = get(runtime, loader(runtime).embedded, cache_key());
  if (cached.is_object()) return exports_of(runtime, cached);
  const EmbeddedModule* source = find_embedded(name);
  if (source == nullptr) throw std::logic_error("no embedded module " + std::string(name));
  std::string filename = "node:";
  filename +=
      name.starts_with("internal:") ? "internal/" + std::string(name.substr(9)) : std::string(name);
  RootedValue module(runtime, new_module(runtime, filename, filename, Value::undefined()));
  set(runtime, loader(runtime).embedded, cache_key(), module);
  run_module(runtime, module, filename, source->source);
  return exports_of(runtime, module);
}

Value embedded_function(Runtime& runtime, std::string_view module, std::string_view name) {
  RootedValue exports(runtime, require_embedded(runtime, module));
  return get_property(runtime, exports, name);
}

Value make_binding(Runtime& runtime) {
  Rooted<JSObject> binding(runtime, new_object_with_prototype(runtime, nullptr));
  add_inspect_binding(runtime, binding.get());
  add_file_binding(runtime, binding.get());
  add_statistics_binding(runtime, binding.get());
  add_snapshot_binding(runtime, binding.get());
  return binding.value();
}

}  // namespace builtins

Value load_main_module(Runtime& runtime, const std::string& path) {
  using namespace builtins;
  std::error_code error;
  const fs::path absolute = fs::absolute(path, error);
  fs::path found = try_path(runtime, absolute.lexically_normal());
  if (found.empty()) throw_not_found(runtime, absolute.lexically_normal().string(), "", false);
  const fs::path canonical = fs::canonical(found, error);
  return load_file(runtime, error ? found.string() : canonical.string(), Value::undefined(), true);
}

Value run_module_text(Runtime& runtime, const std::string& name, std::string_view utf8) {
  using namespace builtins;
  RootedValue module(runtime, new_module(runtime, name, ".", Value::undefined()));
  loader(runtime).main = module;
  run_module(runtime, module, name, utf8);
  return exports_of(runtime, module);
}

void builtins::install_modules(Runtime& runtime) {
  Loader& state = loader(runtime);
  runtime.add_named_root("require.cache", &state.cache);
  runtime.add_named_root("embedded modules", &state.embedded);
  runtime.add_named_root("require.main", &state.main);
  runtime.add_named_root("Module.prototype", &state.module_prototype);
  runtime.add_named_root("internal binding", &state.binding);
  state.cache = Value(new_object_with_prototype(runtime, nullptr));
  state.embedded = Value(new_object_with_prototype(runtime, nullptr));
  Rooted<JSObject> prototype(runtime, new_object(runtime));
  RootedValue constructor(runtime, Value(new_native_function(runtime, module_info)));
  define(runtime, prototype.get(), PropertyKey(runtime.atoms().constructor), constructor, kHidden);
  define(runtime, constructor.get().as_object(), PropertyKey(runtime.atoms().prototype),
         prototype.value(), kNone);
  state.module_prototype = prototype.value();
}

}  // namespace heaplab::interp

// SPDX-License-Identifier: MIT
#include "install.h"

namespace heaplab::interp {

void install_builtins(Runtime& runtime) {
  using namespace builtins;
  install_object(runtime);
  install_function(runtime);
  install_error(runtime);
  install_symbol(runtime);
  install_boolean(runtime);
  install_iterators(runtime);
  install_array(runtime);
  install_number(runtime);
  install_math(runtime);
  install_global_functions(runtime);
  install_string(runtime);
  install_map_set(runtime);
  install_weak_collections(runtime);
  install_weak_references(runtime);
  install_promise(runtime);
  install_reflect(runtime);
  install_json(runtime);
  install_regexp(runtime);
  install_date(runtime);
  install_array_buffer(runtime);
  install_typed_array(runtime);
  install_data_view(runtime);
  install_buffer(runtime);
  install_timers(runtime);
  install_modules(runtime);
  install_process(runtime);
  install_console(runtime);
  install_gc_function(runtime);
  install_lazy_globals(runtime);
}

}  // namespace heaplab::interp

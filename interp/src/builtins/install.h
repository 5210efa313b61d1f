// SPDX-License-Identifier: MIT
#pragma once

#include "heaplab/interp/runtime.h"

// One function per file of built-ins; install_builtins calls them in this order.

namespace heaplab::interp::builtins {

void install_object(Runtime& runtime);
void install_function(Runtime& runtime);
void install_error(Runtime& runtime);
void install_symbol(Runtime& runtime);
void install_boolean(Runtime& runtime);
void install_iterators(Runtime& runtime);
void install_array(Runtime& runtime);
void install_number(Runtime& runtime);
void install_math(Runtime& runtime);
void install_global_functions(Runtime& runtime);
void install_string(Runtime& runtime);
void install_map_set(Runtime& runtime);
void install_weak_collections(Runtime& runtime);
void install_weak_references(Runtime& runtime);
void install_promise(Runtime& runtime);
void install_reflect(Runtime& runtime);
void install_json(Runtime& runtime);
void install_regexp(Runtime& runtime);
void install_date(Runtime& runtime);
void install_array_buffer(Runtime& runtime);
void install_typed_array(Runtime& runtime);
void install_data_view(Runtime& runtime);
void install_buffer(Runtime& runtime);
void install_timers(Runtime& runtime);
void install_process(Runtime& runtime);
void install_modules(Runtime& runtime);
void install_console(Runtime& runtime);
void install_gc_function(Runtime& runtime);
void install_lazy_globals(Runtime& runtime);

}  // namespace heaplab::interp::builtins

# SPDX-License-Identifier: MIT
# cmake -DROOT=folder -DOUTPUT=file.cpp -P embed_scripts.cmake
# Writes the table of embedded modules: js/events.js is "events", js/internal/format.js is
# "internal:format", js/fs/promises.js is "fs/promises".
file(GLOB_RECURSE scripts RELATIVE ${ROOT} ${ROOT}/*.js)
list(SORT scripts)
set(text "// Generated from ${ROOT}: do not edit.\n#include \"builtins/modules.h\"\n\n")
string(APPEND text "namespace heaplab::interp::builtins {\n\n")
string(APPEND text "std::span<const EmbeddedModule> embedded_modules() {\n")
string(APPEND text "  static constexpr EmbeddedModule modules[] = {\n")
foreach(script IN LISTS scripts)
  file(READ ${ROOT}/${script} source)
  string(REGEX REPLACE "\\.js$" "" name ${script})
  string(REGEX REPLACE "^internal/" "internal:" name ${name})
  # A raw string literal; semicolons and brackets survive because `source` is always quoted.
  string(APPEND text "      {\"${name}\", R\"SCRIPT(${source})SCRIPT\"},\n")
endforeach()
string(APPEND text "  };\n  return modules;\n}\n\n}  // namespace heaplab::interp::builtins\n")
file(WRITE ${OUTPUT} "${text}")

# SPDX-License-Identifier: MIT
# The built-ins: C++ sources, and the JavaScript modules that are compiled into the library.
file(GLOB HEAPLAB_BUILTIN_SOURCES CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/src/builtins/*.cpp)
file(GLOB_RECURSE HEAPLAB_BUILTIN_SCRIPTS CONFIGURE_DEPENDS
     ${CMAKE_CURRENT_LIST_DIR}/src/builtins/js/*.js)

set(HEAPLAB_EMBEDDED_SCRIPTS ${CMAKE_CURRENT_BINARY_DIR}/embedded_modules.cpp)
add_custom_command(
  OUTPUT ${HEAPLAB_EMBEDDED_SCRIPTS}
  COMMAND ${CMAKE_COMMAND} -DROOT=${CMAKE_CURRENT_LIST_DIR}/src/builtins/js
          -DOUTPUT=${HEAPLAB_EMBEDDED_SCRIPTS} -P ${CMAKE_CURRENT_LIST_DIR}/embed_scripts.cmake
  DEPENDS ${HEAPLAB_BUILTIN_SCRIPTS} ${CMAKE_CURRENT_LIST_DIR}/embed_scripts.cmake
  COMMENT "Embedding JavaScript modules")
list(APPEND HEAPLAB_BUILTIN_SOURCES ${HEAPLAB_EMBEDDED_SCRIPTS})

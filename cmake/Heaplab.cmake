# SPDX-License-Identifier: MIT
# What every folder's CMakeLists.txt uses: language level, warnings, and three helper functions.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")

option(HEAPLAB_WERROR "Treat warnings as errors" ON)
set(HEAPLAB_SANITIZE "" CACHE STRING "Sanitizers to build with, e.g. address,undefined or thread")

# The two trees ./dev test works in: `release` with HEAPLAB_ALL_CHECKS has a ctest entry for everything,
# the sanitized and fuzzing ones run binaries of the `check` tree, built with HEAPLAB_FUZZ by Clang.
option(HEAPLAB_FUZZ "Build the libFuzzer targets (Clang only)" OFF)
option(HEAPLAB_ALL_CHECKS "Add tests that run the binaries of the check preset's build tree" OFF)
set(HEAPLAB_CHECK_TREE "${PROJECT_SOURCE_DIR}/build/check" CACHE PATH "The check preset's build tree")

find_program(HEAPLAB_CCACHE ccache)
if(HEAPLAB_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${HEAPLAB_CCACHE}")
endif()

add_library(heaplab_flags INTERFACE)
target_compile_options(heaplab_flags INTERFACE -Wall -Wextra -Wshadow -Wconversion
                                               $<$<BOOL:${HEAPLAB_WERROR}>:-Werror>)
# GCC 12 warns of an overlapping copy inside std::string itself, for code as plain as "a" + name
# (GCC bug 105651, mended in 13); it is only ever wrong about it.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(heaplab_flags INTERFACE -Wno-restrict)
endif()
if(HEAPLAB_SANITIZE)
  add_compile_options(-fsanitize=${HEAPLAB_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${HEAPLAB_SANITIZE})
endif()
if(HEAPLAB_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

include(GNUInstallDirs)
enable_testing()

# Third-party libraries come first, visible in every folder (that file has the table of targets).
set(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL ON)
set(HEAPLAB_DEPENDENCIES Threads boost fmt mimalloc json zlib zstd pcre2 xxhash double-conversion libdw)
include(HeaplabDependencies)
heaplab_find_dependencies(${HEAPLAB_DEPENDENCIES})

# heaplab_library(heap SOURCES a.cpp … DEPS heaplab::support … PRIVATE_DEPS fmt::fmt …)
# makes target heaplab_heap, alias heaplab::heap, with heap/include as its only public folder.
function(heaplab_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS;PRIVATE_DEPS" ${ARGN})
  add_library(heaplab_${name} STATIC ${ARG_SOURCES})
  add_library(heaplab::${name} ALIAS heaplab_${name})
  set_target_properties(heaplab_${name} PROPERTIES EXPORT_NAME ${name})
  target_include_directories(heaplab_${name}
    PUBLIC $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:include>
    PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/src)
  target_compile_features(heaplab_${name} PUBLIC cxx_std_20)
  target_link_libraries(heaplab_${name} PUBLIC ${ARG_DEPS} PRIVATE ${ARG_PRIVATE_DEPS}
                                        $<BUILD_INTERFACE:heaplab_flags>)
  set_property(GLOBAL APPEND PROPERTY HEAPLAB_LIBRARIES ${name})
endfunction()

# heaplab_test(heap_roots SOURCES roots_test.cpp LIBS heaplab::gc [ARGS --x] [LABELS core])
# makes an executable test_heap_roots with GoogleTest's main and one ctest entry of the same name.
# Tests with the label `core` also run with sanitizers in ./dev test, as asan.heap_roots.
function(heaplab_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBS;ARGS;LABELS" ${ARGN})
  find_package(GTest REQUIRED)
  add_executable(test_${name} ${ARG_SOURCES})
  target_link_libraries(test_${name} PRIVATE ${ARG_LIBS} heaplab_flags GTest::gtest_main GTest::gmock)
  add_test(NAME ${name} COMMAND test_${name} ${ARG_ARGS})
  if(ARG_LABELS)
    set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}")
  endif()
  if("core" IN_LIST ARG_LABELS)
    heaplab_check_target(test_${name})
    if(HEAPLAB_ALL_CHECKS)
      add_test(NAME asan.${name} COMMAND "${HEAPLAB_CHECK_TREE}/bin/test_${name}" ${ARG_ARGS})
      set_tests_properties(asan.${name} PROPERTIES LABELS asan)
    endif()
  endif()
endfunction()

# heaplab_fuzz_target(parser SOURCES parser_fuzz.cpp LIBS heaplab::interp RUNS 20000)
# makes the libFuzzer executable fuzz_parser where HEAPLAB_FUZZ is on, and the ctest entry
# fuzz.parser: RUNS inputs from a fixed seed, starting from tests/fuzz/corpus/parser.
function(heaplab_fuzz_target name)
  cmake_parse_arguments(ARG "" "RUNS" "SOURCES;LIBS" ${ARGN})
  if(HEAPLAB_FUZZ)
    add_executable(fuzz_${name} ${ARG_SOURCES})
    target_link_libraries(fuzz_${name} PRIVATE ${ARG_LIBS} heaplab_flags)
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    heaplab_check_target(fuzz_${name})
    add_dependencies(fuzzers fuzz_${name})
  endif()
  if(HEAPLAB_ALL_CHECKS)
    add_test(NAME fuzz.${name}
             COMMAND "${PROJECT_SOURCE_DIR}/tests/fuzz/run_fixed.sh" ${name}
                     "${HEAPLAB_CHECK_TREE}" ${ARG_RUNS})
    set_tests_properties(fuzz.${name} PROPERTIES LABELS fuzz)
  endif()
endfunction()

# `checks` is what ./dev test builds in the check tree, `fuzzers` what ./dev fuzz does.
add_custom_target(checks)
add_custom_target(fuzzers)
function(heaplab_check_target target)
  add_dependencies(checks ${target})
endfunction()

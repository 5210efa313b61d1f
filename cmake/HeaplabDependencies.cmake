# SPDX-License-Identifier: MIT
# Every third-party library heaplab links, found in one place. The build includes this file, and it
# is installed beside heaplabConfig.cmake, so a program that embeds heaplab finds the same targets.
#
#   Boost.Container   Boost::headers, Boost::container     fmt               fmt::fmt
#   mimalloc          mimalloc                             zlib              ZLIB::ZLIB
#   nlohmann/json     nlohmann_json::nlohmann_json         zstd              zstd::libzstd
#   PCRE2             PCRE2::16BIT, PCRE2::8BIT            xxHash            xxHash::xxhash
#   double-conversion double-conversion::double-conversion  libdw     libdw::libdw, libdw::libelf
#
# Only what is asked for is looked for: heaplab_find_dependencies(fmt zstd).

# Debian ships no CMake package for these: a header and a library make the imported target.
function(heaplab_find_plain_library target header)
  if(TARGET ${target})
    return()
  endif()
  string(MAKE_C_IDENTIFIER "HEAPLAB_${target}" prefix)
  find_path(${prefix}_INCLUDE_DIR ${header})
  find_library(${prefix}_LIBRARY NAMES ${ARGN})
  mark_as_advanced(${prefix}_INCLUDE_DIR ${prefix}_LIBRARY)
  if(NOT ${prefix}_INCLUDE_DIR OR NOT ${prefix}_LIBRARY)
    message(FATAL_ERROR "heaplab needs ${target} (header ${header}, library ${ARGN}), not found; "
                        "./dev build installs it on Debian")
  endif()
  add_library(${target} UNKNOWN IMPORTED GLOBAL)
  set_target_properties(${target} PROPERTIES
    IMPORTED_LOCATION "${${prefix}_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${${prefix}_INCLUDE_DIR}")
endfunction()

# In our build a missing library ends the configuration; inside find_package(heaplab) it makes that
# call fail the way its caller asked for (REQUIRED, QUIET). Macros, because both set variables that
# their caller reads, and find_dependency returns from the file that uses it.
macro(heaplab_find_package)
  if(CMAKE_FIND_PACKAGE_NAME STREQUAL "heaplab")
    find_dependency(${ARGN})
  else()
    find_package(${ARGN} REQUIRED)
  endif()
endmacro()

macro(heaplab_find_dependencies)
  foreach(heaplab_dependency ${ARGN})
    if(heaplab_dependency STREQUAL "boost")
      heaplab_find_package(Boost 1.74 COMPONENTS container)
    elseif(heaplab_dependency STREQUAL "json")
      heaplab_find_package(nlohmann_json)
    elseif(heaplab_dependency STREQUAL "zlib")
      heaplab_find_package(ZLIB)
    elseif(heaplab_dependency STREQUAL "zstd")
      heaplab_find_plain_library(zstd::libzstd zstd.h zstd)
    elseif(heaplab_dependency STREQUAL "pcre2")
      heaplab_find_plain_library(PCRE2::16BIT pcre2.h pcre2-16)
      heaplab_find_plain_library(PCRE2::8BIT pcre2.h pcre2-8)
    elseif(heaplab_dependency STREQUAL "xxhash")
      heaplab_find_plain_library(xxHash::xxhash xxhash.h xxhash)
    elseif(heaplab_dependency STREQUAL "libdw")
      heaplab_find_plain_library(libdw::libdw elfutils/libdwfl.h dw)
      heaplab_find_plain_library(libdw::libelf gelf.h elf)
    else()
      heaplab_find_package(${heaplab_dependency})
    endif()
  endforeach()
endmacro()

# SPDX-License-Identifier: MIT
# `cmake --install`: besides the program (tools/cli), the libraries with their public headers, and what
# find_package(heaplab CONFIG) needs to hand them to an embedder as heaplab::heap, heaplab::gc, …
include(CMakePackageConfigHelpers)

set(HEAPLAB_PACKAGE_DIR "${CMAKE_INSTALL_LIBDIR}/cmake/heaplab")

get_property(heaplab_libraries GLOBAL PROPERTY HEAPLAB_LIBRARIES)
foreach(library IN LISTS heaplab_libraries)
  get_target_property(folder heaplab_${library} SOURCE_DIR)
  install(TARGETS heaplab_${library} EXPORT heaplabTargets
          ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
  if(IS_DIRECTORY "${folder}/include")
    install(DIRECTORY "${folder}/include/" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
  endif()
endforeach()

install(EXPORT heaplabTargets NAMESPACE heaplab:: DESTINATION "${HEAPLAB_PACKAGE_DIR}")
configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/heaplabConfig.cmake.in"
  "${PROJECT_BINARY_DIR}/cmake/heaplabConfig.cmake" INSTALL_DESTINATION "${HEAPLAB_PACKAGE_DIR}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/cmake/heaplabConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/cmake/heaplabConfig.cmake"
              "${PROJECT_BINARY_DIR}/cmake/heaplabConfigVersion.cmake"
              "${PROJECT_SOURCE_DIR}/cmake/HeaplabDependencies.cmake"
        DESTINATION "${HEAPLAB_PACKAGE_DIR}")

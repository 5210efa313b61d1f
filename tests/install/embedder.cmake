# SPDX-License-Identifier: MIT
# cmake -DBUILD_TREE=… -DSOURCE_TREE=… -DWORK=… -DCXX=… -P embedder.cmake
# Install, build the embedder from outside, run its programs on every plan.

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE out ERROR_VARIABLE err)
  if(NOT status EQUAL 0)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "exit ${status}: ${command}\n${out}${err}")
  endif()
  set(out "${out}" PARENT_SCOPE)
endfunction()

function(expect_output expected)
  run(${ARGN})
  if(NOT out STREQUAL expected)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "${command}\nprinted\n${out}\ninstead of\n${expected}")
  endif()
endfunction()

file(REMOVE_RECURSE "${WORK}")
run(${CMAKE_COMMAND} --install "${BUILD_TREE}" --prefix "${WORK}/installed")
run(${CMAKE_COMMAND} -S "${SOURCE_TREE}/examples/embedder" -B "${WORK}/build" -G Ninja
    -DCMAKE_BUILD_TYPE=Release "-DCMAKE_CXX_COMPILER=${CXX}" "-DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER}"
    "-DCMAKE_PREFIX_PATH=${WORK}/installed" -DCMAKE_FIND_PACKAGE_PREFER_CONFIG=ON)
file(STRINGS "${WORK}/build/CMakeCache.txt" found REGEX "^heaplab_DIR:PATH=")
if(NOT found MATCHES "^heaplab_DIR:PATH=${WORK}/installed/")
  message(FATAL_ERROR "the embedder found another heaplab: ${found}")
endif()
run(${CMAKE_COMMAND} --build "${WORK}/build")

# 1000 nodes of 16 bytes live, of the five million made.
run("${WORK}/build/list")
if(NOT out STREQUAL "sum of the newest 1000: 4999499500
bytes in objects: 16000 of 80000000 allocated
")
  message(FATAL_ERROR "list printed\n${out}")
endif()

# A program that records itself: every allocation of its own is there, and where it was made.
run("${WORK}/build/recorded" "${WORK}/own.heaprec")
run("${WORK}/installed/bin/heaplab" trace info --format=json "${WORK}/own.heaprec")
string(JSON objects GET "${out}" objects)
string(JSON deaths GET "${out}" deaths)
string(JSON complete GET "${out}" complete)
if(NOT objects EQUAL 200000 OR NOT deaths EQUAL 180000 OR NOT complete)
  message(FATAL_ERROR "the recording of recorded.cpp:\n${out}")
endif()
run("${WORK}/installed/bin/heaplab" trace info "${WORK}/own.heaprec")
if(NOT out MATCHES "200,000 × Job")
  message(FATAL_ERROR "heaplab trace info on the recording of recorded.cpp:\n${out}")
endif()

set(program "${SOURCE_TREE}/examples/embedder/lisp/queens.lisp")
file(READ "${program}" short)
string(REPLACE "(count-up 1 6)" "(count-up 1 3)" short "${short}")
file(WRITE "${WORK}/short.lisp" "${short}")
foreach(plan generational semispace marksweep)
  expect_output("done\n(4 10 2 0 0 1)\n" "${WORK}/build/lisp" --gc ${plan} "${program}")
  expect_output("done\n(0 0 1)\n" "${WORK}/build/lisp" --gc ${plan} --stress "${WORK}/short.lisp")
endforeach()

# A mistake is one line and exit code 2.
file(WRITE "${WORK}/wrong.lisp" "(car\n 5")
execute_process(COMMAND "${WORK}/build/lisp" "${WORK}/wrong.lisp" RESULT_VARIABLE status ERROR_VARIABLE err)
if(NOT status EQUAL 2 OR NOT err STREQUAL "lisp: line 2: a ) is missing\n")
  message(FATAL_ERROR "exit ${status}: ${err}")
endif()

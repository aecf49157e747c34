# The choices a person can make, and the one interface target every target of the project links.

set(CHOKEPOINT_CUDA AUTO CACHE STRING "Build the GPU engine: AUTO (when a working nvcc is found), ON or OFF")
set_property(CACHE CHOKEPOINT_CUDA PROPERTY STRINGS AUTO ON OFF)
set(CHOKEPOINT_CUDA_ARCHITECTURES "75;80;90;100;120" CACHE STRING
    "GPUs to carry machine code for, by compute capability; later ones compile what the first of these compiles to (PTX)")
option(CHOKEPOINT_TESTS "Configure the tests" OFF)
option(CHOKEPOINT_BENCH "Configure the micro-benchmarks" OFF)
option(CHOKEPOINT_WERROR "Treat warnings as errors" OFF)
option(CMAKE_UNITY_BUILD "Compile eight sources at a time, which read what they include once: quicker as a whole, slower for one" ON)
set(CHOKEPOINT_SANITIZE "" CACHE STRING "Sanitizers: empty, address;undefined or thread")

get_property(multi_config GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
if(NOT CMAKE_BUILD_TYPE AND NOT multi_config)
  set_property(CACHE CMAKE_BUILD_TYPE PROPERTY VALUE Release)
endif()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib")

find_program(CHOKEPOINT_CCACHE ccache)
mark_as_advanced(CHOKEPOINT_CCACHE)
if(CHOKEPOINT_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CHOKEPOINT_CCACHE}")
  set(CMAKE_CUDA_COMPILER_LAUNCHER "${CHOKEPOINT_CCACHE}")
endif()

if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|amd64|AMD64)$")
  set(CHOKEPOINT_X86 1)
else()
  set(CHOKEPOINT_X86 0)
endif()

add_library(chokepoint_options INTERFACE)
target_compile_definitions(chokepoint_options INTERFACE CHOKEPOINT_X86=${CHOKEPOINT_X86})

# Results are the same bits everywhere: no contraction into fma that the source does not ask for, no fast-math.
# errno after sqrt changes no value and would cost a branch.
# A frame larger than a page touches each of its pages: one that does not fit meets the guard page of its stack, and not
# the stack of another thread.
set(host_rules -ffp-contract=off -fno-fast-math -fno-math-errno -fstack-clash-protection)
# In a model of floats a silent double is a defect; the rest of -Wconversion is noise in index arithmetic.
set(host_warnings -Wall -Wextra -Wdouble-promotion -Wfloat-conversion -Wnon-virtual-dtor
                  -Woverloaded-virtual)
# Among several sources at a time a local name may well be that of a constant of another file.
list(APPEND host_warnings "$<$<NOT:$<BOOL:$<TARGET_PROPERTY:UNITY_BUILD>>>:-Wshadow>")
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # -Wpsabi: a note on passing wide vectors by value, which never leave a target. -Wrestrict: g++ 12 warns of
  # overlapping copies inside std::string concatenation (GCC bug 105651).
  list(APPEND host_warnings -Wno-psabi -Wno-restrict)
endif()
# Threads have stacks of 2 MiB (include/chokepoint/base/crew.hpp). Frames that the optimiser or a sanitizer has not shaped say
# nothing of those of the program.
add_library(chokepoint_frame_limit INTERFACE)
if(NOT CHOKEPOINT_SANITIZE)
  target_compile_options(chokepoint_frame_limit INTERFACE
    "$<$<AND:$<COMPILE_LANGUAGE:CXX>,$<CONFIG:Release,RelWithDebInfo>>:-Wframe-larger-than=131072>")
endif()
# nvcc's generated code is not pedantic.
target_compile_options(
  chokepoint_options
  INTERFACE "$<$<COMPILE_LANGUAGE:CXX>:${host_rules};${host_warnings};-Wpedantic>"
            "$<$<COMPILE_LANGUAGE:CUDA>:--fmad=false;-ftz=false;-prec-div=true;-prec-sqrt=true>"
            "$<$<COMPILE_LANGUAGE:CUDA>:-Xcompiler=$<JOIN:${host_rules};-Wall;-Wextra;-Wno-psabi,$<COMMA>>>")
if(CHOKEPOINT_WERROR)
  target_compile_options(chokepoint_options INTERFACE "$<$<COMPILE_LANGUAGE:CXX>:-Werror>"
                                                      "$<$<COMPILE_LANGUAGE:CUDA>:-Werror=all-warnings>")
endif()

if(CHOKEPOINT_SANITIZE)
  list(JOIN CHOKEPOINT_SANITIZE "," sanitizers)
  set(sanitizer_options "-fsanitize=${sanitizers}" -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_compile_options(chokepoint_options INTERFACE "$<$<COMPILE_LANGUAGE:CXX>:${sanitizer_options}>")
  target_link_options(chokepoint_options INTERFACE "-fsanitize=${sanitizers}")
endif()

# Finds a working nvcc and builds cuda/*.cu with it. CUDA is never required unless CHOKEPOINT_CUDA=ON; one line says
# what came of the search. Sets CHOKEPOINT_CUDA_VERSION ("none" without the GPU engine).

set(CHOKEPOINT_CUDA_VERSION none)
file(GLOB cuda_sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/cuda/*.cu")

# Ends the search: a line in AUTO, an error where the GPU engine was asked for.
macro(chokepoint_without_cuda reason)
  if(CHOKEPOINT_CUDA STREQUAL "ON")
    message(FATAL_ERROR "CUDA: ${reason} (CHOKEPOINT_CUDA=ON)")
  endif()
  message(STATUS "CUDA: off, ${reason}")
  return()
endmacro()

if(CHOKEPOINT_CUDA STREQUAL "OFF")
  chokepoint_without_cuda("CHOKEPOINT_CUDA=OFF")
elseif(NOT cuda_sources)
  chokepoint_without_cuda("cuda/ holds no .cu files")
endif()

# nvcc is often off the PATH, where check_language() does not look.
if(NOT CMAKE_CUDA_COMPILER)
  unset(CMAKE_CUDA_COMPILER CACHE) # a failure of an earlier configuration
  file(GLOB toolkits /usr/local/cuda-*/bin)
  list(SORT toolkits COMPARE NATURAL ORDER DESCENDING)
  find_program(
    nvcc NAMES "$ENV{CUDACXX}" nvcc NO_CACHE NO_DEFAULT_PATH
    PATHS "$ENV{CUDA_PATH}/bin" "$ENV{CUDA_HOME}/bin" /usr/local/cuda/bin ${toolkits} /opt/cuda/bin ENV PATH)
  if(NOT nvcc)
    chokepoint_without_cuda("no nvcc found (set CUDACXX to its path if there is one)")
  endif()
  set(ENV{CUDACXX} "${nvcc}")
  set(CMAKE_MESSAGE_LOG_LEVEL_BEFORE "${CMAKE_MESSAGE_LOG_LEVEL}")
  set(CMAKE_MESSAGE_LOG_LEVEL NOTICE)
  include(CheckLanguage)
  check_language(CUDA)
  set(CMAKE_MESSAGE_LOG_LEVEL "${CMAKE_MESSAGE_LOG_LEVEL_BEFORE}")
  if(NOT CMAKE_CUDA_COMPILER)
    unset(CMAKE_CUDA_COMPILER CACHE)
    chokepoint_without_cuda("${nvcc} does not build a program with this host compiler")
  endif()
endif()

# Of the architectures asked for, those this toolkit knows. The compiler makes PTX once, for the oldest of them, and the
# assembler makes of it machine code for each: a third of the time of compiling for each, and the same instructions but for
# a few (docs/gpu.md).
execute_process(COMMAND "${CMAKE_CUDA_COMPILER}" --list-gpu-code OUTPUT_VARIABLE known ERROR_QUIET)
set(cuda_architectures "")
foreach(architecture IN LISTS CHOKEPOINT_CUDA_ARCHITECTURES)
  string(REGEX MATCH "^[0-9]+" number "${architecture}")
  if(number AND (NOT known OR known MATCHES "sm_${number}[^0-9]"))
    list(APPEND cuda_architectures "${number}")
  endif()
endforeach()
list(REMOVE_DUPLICATES cuda_architectures)
list(SORT cuda_architectures COMPARE NATURAL)
if(NOT cuda_architectures)
  chokepoint_without_cuda("${CMAKE_CUDA_COMPILER} knows none of ${CHOKEPOINT_CUDA_ARCHITECTURES}")
endif()
list(GET cuda_architectures 0 oldest)
list(TRANSFORM cuda_architectures PREPEND sm_ OUTPUT_VARIABLE cuda_codes)
list(JOIN cuda_codes "," cuda_codes)
set(CMAKE_CUDA_ARCHITECTURES OFF)
set(cuda_code_option "-gencode=arch=compute_${oldest},code=[compute_${oldest},${cuda_codes}]")

set(CMAKE_CUDA_STANDARD 17)
set(CMAKE_CUDA_STANDARD_REQUIRED ON)
set(CMAKE_CUDA_EXTENSIONS OFF)
set(CMAKE_CUDA_RUNTIME_LIBRARY Static)
enable_language(CUDA)
find_package(CUDAToolkit REQUIRED)

add_library(chokepoint_cuda STATIC ${cuda_sources})
set_target_properties(chokepoint_cuda PROPERTIES UNITY_BUILD OFF)
target_include_directories(chokepoint_cuda PUBLIC "${PROJECT_SOURCE_DIR}/include" PRIVATE "${PROJECT_SOURCE_DIR}/cuda")
target_compile_options(chokepoint_cuda PRIVATE "$<$<COMPILE_LANGUAGE:CUDA>:--expt-relaxed-constexpr;${cuda_code_option}>")
target_link_libraries(chokepoint_cuda PRIVATE chokepoint_options PUBLIC CUDA::cudart_static)

set(CHOKEPOINT_CUDA_VERSION "${CMAKE_CUDA_COMPILER_VERSION}")
message(STATUS "CUDA: ${CMAKE_CUDA_COMPILER_VERSION} at ${CMAKE_CUDA_COMPILER}, for ${cuda_codes}, PTX of compute_${oldest}")

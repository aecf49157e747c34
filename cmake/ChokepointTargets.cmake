# src/engine/targets/<name>_<target>.cpp: the same engine compiled once per instruction set, each in a namespace of its
# own, chosen at run time. A file's name says its flags; nothing else in the project is built above the baseline.
# tests/base/target_symbols_test.py checks that no shared symbol comes out of these objects.

set(chokepoint_flags_portable "")
set(chokepoint_flags_avx2 -mavx2 -mfma)
set(chokepoint_flags_avx512 -mavx512f -mavx512dq -mavx512vl -mavx512bw -mavx2 -mfma -mprefer-vector-width=512)

set(usable_targets portable)
if(CHOKEPOINT_X86)
  list(APPEND usable_targets avx2 avx512)
endif()

file(GLOB target_sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/engine/targets/*.cpp")
set(used_sources "")
foreach(source IN LISTS target_sources)
  if(NOT source MATCHES "_(portable|avx2|avx512)\\.cpp$")
    message(FATAL_ERROR "${source}: the name must end in _portable.cpp, _avx2.cpp or _avx512.cpp")
  endif()
  set(name "${CMAKE_MATCH_1}")
  if(name IN_LIST usable_targets)
    set_source_files_properties("${source}" PROPERTIES COMPILE_OPTIONS "${chokepoint_flags_${name}}"
                                                       COMPILE_DEFINITIONS "CHOKEPOINT_TARGET=${name}")
    list(APPEND used_sources "${source}")
  endif()
endforeach()

add_library(chokepoint_targets STATIC ${used_sources})
target_include_directories(chokepoint_targets PRIVATE "${PROJECT_SOURCE_DIR}/include" "${PROJECT_SOURCE_DIR}/src")
target_link_libraries(chokepoint_targets PRIVATE chokepoint_options chokepoint_frame_limit)
set_target_properties(chokepoint_targets PROPERTIES UNITY_BUILD OFF)

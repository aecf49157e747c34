# chokepoint/version.hpp declares the facts of a build; version.cpp, rewritten by every build but only when a fact has
# changed, defines them. So a new commit recompiles one small file and relinks.

set(CHOKEPOINT_GENERATED_DIR "${CMAKE_BINARY_DIR}/generated")
configure_file("${PROJECT_SOURCE_DIR}/cmake/version.hpp" "${CHOKEPOINT_GENERATED_DIR}/chokepoint/version.hpp" COPYONLY)

set(version_source "${CHOKEPOINT_GENERATED_DIR}/version.cpp")
set(version_facts "${CMAKE_BINARY_DIR}/version_facts.cmake")
add_custom_target(
  chokepoint_commit
  COMMAND "${CMAKE_COMMAND}" "-DFACTS=${version_facts}" -P "${PROJECT_SOURCE_DIR}/cmake/write_version.cmake"
  BYPRODUCTS "${version_source}"
  COMMENT "Looking at the commit"
  VERBATIM)

add_library(chokepoint_version OBJECT "${version_source}")
set_target_properties(chokepoint_version PROPERTIES UNITY_BUILD OFF)
target_include_directories(chokepoint_version PRIVATE "${CHOKEPOINT_GENERATED_DIR}")
target_link_libraries(chokepoint_version PRIVATE chokepoint_options)
add_dependencies(chokepoint_version chokepoint_commit)

# What only the configuration knows, written once all of it has been read.
function(chokepoint_write_version_facts)
  string(TOUPPER "${CMAKE_BUILD_TYPE}" type)
  set(flags "${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${type}} ${host_rules}")
  string(REGEX REPLACE "[ ;]+" " " flags "${flags}")
  string(STRIP "${flags}" flags)
  if(CHOKEPOINT_SANITIZE)
    string(APPEND flags " -fsanitize=${CHOKEPOINT_SANITIZE}")
    string(REPLACE ";" "," flags "${flags}")
  endif()
  find_program(git git NO_CACHE)
  set(text "")
  foreach(pair "source_dir=PROJECT_SOURCE_DIR" "version_source=version_source" "git=git" "version=PROJECT_VERSION"
               "compiler_id=CMAKE_CXX_COMPILER_ID" "compiler_version=CMAKE_CXX_COMPILER_VERSION" "flags=flags"
               "build_type=CMAKE_BUILD_TYPE" "cuda=CHOKEPOINT_CUDA_VERSION")
    string(REPLACE "=" ";" pair "${pair}")
    list(POP_FRONT pair name variable)
    string(APPEND text "set(${name} [==[${${variable}}]==])\n")
  endforeach()
  file(CONFIGURE OUTPUT "${version_facts}" CONTENT "${text}" @ONLY)
endfunction()
cmake_language(DEFER DIRECTORY "${PROJECT_SOURCE_DIR}" CALL chokepoint_write_version_facts)

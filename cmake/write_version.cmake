# Run by every build: writes version.cpp where its text would change. Anything git cannot say (no git, no commit yet, a
# repository of another user, a source tree inside somebody else's repository) ends in "unknown".

include("${FACTS}")

function(ask_git result)
  execute_process(COMMAND "${git}" --no-optional-locks ${ARGN} WORKING_DIRECTORY "${source_dir}"
                  OUTPUT_VARIABLE text RESULT_VARIABLE status ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(status EQUAL 0)
    set(${result} "${text}" PARENT_SCOPE)
  else()
    set(${result} "" PARENT_SCOPE)
  endif()
endfunction()

set(commit unknown)
if(git)
  ask_git(prefix rev-parse --show-prefix)
  ask_git(hash rev-parse --short=12 --verify HEAD)
  if(hash AND prefix STREQUAL "")
    set(commit "${hash}")
    ask_git(changes status --porcelain --untracked-files=no)
    if(changes)
      string(APPEND commit "-dirty")
    endif()
  endif()
endif()

configure_file("${CMAKE_CURRENT_LIST_DIR}/version.cpp.in" "${version_source}" @ONLY)

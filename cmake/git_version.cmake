# The commit that is being built, for the record of every trial. Run as a script on each build, it rewrites its output
# only when commit or dirtiness have changed; a build outside of git says "unknown".
if(CMAKE_SCRIPT_MODE_FILE)
  set(commit "unknown")
  set(dirty "false")
  execute_process(COMMAND git rev-parse --short=12 HEAD WORKING_DIRECTORY ${SOURCE_DIR}
    OUTPUT_VARIABLE found RESULT_VARIABLE failed OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(NOT failed)
    set(commit ${found})
    execute_process(COMMAND git status --porcelain --untracked-files=no WORKING_DIRECTORY ${SOURCE_DIR}
      OUTPUT_VARIABLE changes ERROR_QUIET)
    if(changes)
      set(dirty "true")
    endif()
  endif()
  file(CONFIGURE OUTPUT ${OUTPUT} CONTENT [[
// Written by cmake/git_version.cmake.
#include "harness/core/build_info.h"

namespace segbench::core {
const char* git_commit() { return "@commit@"; }
bool git_dirty() { return @dirty@; }
}  // namespace segbench::core
]] @ONLY)
  return()
endif()

set(git_version_source ${PROJECT_BINARY_DIR}/generated/git_version.cpp)
set(git_version_command ${CMAKE_COMMAND} -DSOURCE_DIR=${PROJECT_SOURCE_DIR} -DOUTPUT=${git_version_source}
  -P ${CMAKE_CURRENT_LIST_FILE})
execute_process(COMMAND ${git_version_command})
add_custom_target(segbench_git_version COMMAND ${git_version_command} BYPRODUCTS ${git_version_source}
  COMMENT "Looking which commit this is")
target_sources(segbench_core PRIVATE ${git_version_source})
add_dependencies(segbench_core segbench_git_version)

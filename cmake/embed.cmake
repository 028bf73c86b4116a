# segbench_embed(TARGET FOLDER): the Python files of a folder as text within the program, so that it needs no installed
# files. They become engine_scripts() of harness/profile/scripts.h.
function(segbench_embed target folder)
  file(GLOB files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.py)
  set(items "")
  foreach(file IN LISTS files)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(READ ${file} text)
    get_filename_component(name ${file} NAME)
    string(APPEND items "    {\"${name}\", R\"==py==(${text})==py==\"},\n")
  endforeach()
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/generated/${target}_scripts.cpp @ONLY CONTENT [[
// Written by cmake/embed.cmake.
#include <array>

#include "harness/profile/scripts.h"

namespace segbench::profile {
namespace {
constexpr auto kScripts = std::to_array<Script>({
@items@});
}  // namespace
std::span<const Script> engine_scripts() { return kScripts; }
}  // namespace segbench::profile
]])
  target_sources(${target} PRIVATE ${PROJECT_BINARY_DIR}/generated/${target}_scripts.cpp)
endfunction()

# A folder is a module: all of its *.cpp (not those of its subfolders) belong to it.

# segbench_sources(TARGET FOLDER… [PATTERN GLOB] [EXCLUDE REGEX]): adds the sources of folders to a target.
function(segbench_sources target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "PATTERN;EXCLUDE" "")
  if(NOT arg_PATTERN)
    set(arg_PATTERN *.cpp)
  endif()
  foreach(folder IN LISTS arg_UNPARSED_ARGUMENTS)
    file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/${arg_PATTERN})
    if(arg_EXCLUDE)
      list(FILTER sources EXCLUDE REGEX ${arg_EXCLUDE})
    endif()
    if(NOT sources)
      set(sources ${PROJECT_SOURCE_DIR}/cmake/empty.cpp)
    endif()
    target_sources(${target} PRIVATE ${sources})
  endforeach()
endfunction()

# segbench_unity(TARGET): several sources are compiled as one file, since reading the headers costs more than the code.
# Names in anonymous namespaces are therefore unique within a folder.
function(segbench_unity target)
  if(SEGBENCH_UNITY)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE BATCH UNITY_BUILD_BATCH_SIZE 10)
  endif()
endfunction()

# segbench_compile_lightly(TARGET): code whose speed does not matter compiles at -O1, in two thirds of the time.
function(segbench_compile_lightly target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
endfunction()

# segbench_library(NAME FOLDER… [LINK TARGET…]): the static library segbench_NAME of these folders.
function(segbench_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "EXCLUDE" "LINK")
  add_library(segbench_${name} STATIC)
  segbench_sources(segbench_${name} ${arg_UNPARSED_ARGUMENTS} EXCLUDE "${arg_EXCLUDE}")
  target_link_libraries(segbench_${name} PUBLIC segbench_options ${arg_LINK})
  segbench_unity(segbench_${name})
endfunction()

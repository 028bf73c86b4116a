# One target for what every target shares: standard, warnings, sanitizers, include roots.
add_library(segbench_options INTERFACE)
target_compile_features(segbench_options INTERFACE cxx_std_20)
target_include_directories(segbench_options INTERFACE ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}/generated)
target_compile_options(segbench_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>  # GCC 12 warns falsely about std::string (GCC bug 105651)
  $<$<BOOL:${SEGBENCH_WARNINGS_AS_ERRORS}>:-Werror>)
if(SEGBENCH_FUZZ)
  target_compile_options(segbench_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(SEGBENCH_SANITIZERS)
  target_compile_options(segbench_options INTERFACE -fsanitize=${SEGBENCH_SANITIZERS} -fno-omit-frame-pointer
    -fno-sanitize-recover=all)
  target_link_options(segbench_options INTERFACE -fsanitize=${SEGBENCH_SANITIZERS})
endif()

# The small libraries of both programs: {fmt} and nlohmann-json. {fmt} is linked where its library is installed, which
# halves the time that a file takes to compile, and header-only otherwise: a machine that has only LibTorch may bring
# both as plain folders of headers with -DSEGBENCH_HEADER_PATH=DIR.
set(SEGBENCH_HEADER_PATH "" CACHE PATH "Where fmt/, nlohmann/ and CLI/ lie when they are not installed")
option(SEGBENCH_FMT_HEADER_ONLY "Use {fmt} header-only even where its library is installed" ON)
find_path(SEGBENCH_FMT_INCLUDE fmt/format.h HINTS ${SEGBENCH_HEADER_PATH} REQUIRED)
find_path(SEGBENCH_JSON_INCLUDE nlohmann/json.hpp HINTS ${SEGBENCH_HEADER_PATH} REQUIRED)
add_library(segbench_headers INTERFACE)
target_include_directories(segbench_headers SYSTEM INTERFACE ${SEGBENCH_FMT_INCLUDE} ${SEGBENCH_JSON_INCLUDE})
if(NOT SEGBENCH_FMT_HEADER_ONLY)
  find_package(fmt QUIET)
endif()
if(TARGET fmt::fmt)
  target_link_libraries(segbench_headers INTERFACE fmt::fmt)
else()
  target_compile_definitions(segbench_headers INTERFACE FMT_HEADER_ONLY=1)
endif()
target_link_libraries(segbench_headers INTERFACE segbench_options)

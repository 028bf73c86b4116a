# `segbench`: the command line, without LibTorch.
find_package(OpenCV REQUIRED COMPONENTS core imgproc)
find_package(PNG REQUIRED)
find_package(JPEG REQUIRED)
find_package(GIF REQUIRED)
find_package(TIFF REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(CLI11 REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(Threads REQUIRED)
find_package(Boost REQUIRED)
find_package(CURL REQUIRED)

segbench_library(study harness/study LINK segbench_core segbench_weights)
target_link_libraries(segbench_study PRIVATE tomlplusplus::tomlplusplus)
segbench_library(data harness/data harness/data/codecs harness/data/kinds harness/data/audit harness/data/cache LINK segbench_core EXCLUDE "_spec\\.cpp$")
find_path(SEGBENCH_WEBP_INCLUDE webp/decode.h REQUIRED)
find_library(SEGBENCH_WEBP_LIBRARY webp REQUIRED)
target_include_directories(segbench_data SYSTEM PRIVATE ${SEGBENCH_WEBP_INCLUDE})
target_link_libraries(segbench_data
  PRIVATE PNG::PNG JPEG::JPEG GIF::GIF TIFF::TIFF ${SEGBENCH_WEBP_LIBRARY} Threads::Threads)
segbench_library(fetch harness/fetch LINK segbench_core)
target_include_directories(segbench_fetch SYSTEM PRIVATE ${CURL_INCLUDE_DIRS})  # loaded on demand, not linked
target_link_libraries(segbench_fetch PUBLIC ${CMAKE_DL_LIBS})
segbench_library(store results/store LINK segbench_core SQLite::SQLite3)
segbench_library(run harness/run LINK segbench_core segbench_weights segbench_study segbench_data segbench_store Threads::Threads)
segbench_library(statistics results/statistics LINK segbench_core Boost::headers)
segbench_library(text harness/text LINK segbench_core)
segbench_library(conclusions results/conclusions LINK segbench_core segbench_metrics segbench_text segbench_store segbench_statistics)
segbench_library(reports reports reports/model reports/figures reports/tables reports/html reports/panels
  LINK segbench_core segbench_metrics segbench_text segbench_store segbench_conclusions)
target_include_directories(segbench_reports SYSTEM PUBLIC ${OpenCV_INCLUDE_DIRS})
target_link_libraries(segbench_reports PUBLIC opencv_core opencv_imgproc PRIVATE PNG::PNG)
segbench_library(cli harness/cli EXCLUDE "main\\.cpp$"
  LINK segbench_weights segbench_fetch segbench_study segbench_data segbench_run segbench_store segbench_conclusions segbench_text segbench_reports CLI11::CLI11)

add_executable(segbench harness/cli/segbench_main.cpp)
target_link_libraries(segbench PRIVATE segbench_cli segbench_specs)
segbench_compile_lightly(segbench)

foreach(name IN ITEMS study fetch run store text conclusions reports cli)
  segbench_compile_lightly(segbench_${name})
endforeach()

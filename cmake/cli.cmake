# `segbench`: the command line, without LibTorch.
find_package(OpenCV REQUIRED COMPONENTS core imgproc imgcodecs)
find_package(PNG REQUIRED)
find_package(JPEG REQUIRED)
find_package(GIF REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(CLI11 REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(Threads REQUIRED)
find_package(Boost REQUIRED)
find_package(CURL REQUIRED)

segbench_library(study harness/study LINK segbench_core segbench_weights)
target_link_libraries(segbench_study PRIVATE tomlplusplus::tomlplusplus)
segbench_library(data harness/data LINK segbench_core EXCLUDE "_spec\\.cpp$")
target_include_directories(segbench_data SYSTEM PUBLIC ${OpenCV_INCLUDE_DIRS})
target_link_libraries(segbench_data PUBLIC opencv_core opencv_imgproc
  PRIVATE PNG::PNG JPEG::JPEG GIF::GIF Threads::Threads ${CMAKE_DL_LIBS})
# Loaded on demand, see harness/data/codecs/opencv_codecs.h.
add_library(segbench_codecs MODULE)
segbench_sources(segbench_codecs harness/data/codecs)
target_include_directories(segbench_codecs SYSTEM PRIVATE ${OpenCV_INCLUDE_DIRS})
target_link_libraries(segbench_codecs PRIVATE segbench_options opencv_core opencv_imgcodecs)
set_target_properties(segbench_codecs PROPERTIES PREFIX "" OUTPUT_NAME segbench-codecs
  LIBRARY_OUTPUT_DIRECTORY ${CMAKE_RUNTIME_OUTPUT_DIRECTORY})
add_dependencies(segbench_data segbench_codecs)
segbench_library(fetch harness/fetch LINK segbench_core)
target_include_directories(segbench_fetch SYSTEM PRIVATE ${CURL_INCLUDE_DIRS})  # loaded on demand, not linked
target_link_libraries(segbench_fetch PUBLIC ${CMAKE_DL_LIBS})
segbench_library(run harness/run LINK segbench_core segbench_study segbench_data Threads::Threads)
segbench_library(store results/store LINK segbench_core SQLite::SQLite3)
segbench_library(statistics results/statistics LINK segbench_core Boost::headers)
segbench_library(reports reports LINK segbench_core segbench_metrics segbench_store segbench_statistics)
target_include_directories(segbench_reports SYSTEM PUBLIC ${OpenCV_INCLUDE_DIRS})
target_link_libraries(segbench_reports PUBLIC opencv_core opencv_imgproc PRIVATE PNG::PNG)
segbench_library(cli harness/cli EXCLUDE "main\\.cpp$"
  LINK segbench_weights segbench_fetch segbench_study segbench_data segbench_run segbench_store segbench_statistics segbench_reports CLI11::CLI11)

add_executable(segbench harness/cli/segbench_main.cpp)
target_link_libraries(segbench PRIVATE segbench_cli segbench_specs)
segbench_compile_lightly(segbench)

foreach(name IN ITEMS study fetch run store reports cli)
  segbench_compile_lightly(segbench_${name})
endforeach()

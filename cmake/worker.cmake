# `segbench-worker`: links LibTorch and nothing else. CLI11, which reads its command line, is a folder of headers, and may
# lie in SEGBENCH_HEADER_PATH as {fmt} does.
# A LibTorch named in CMAKE_PREFIX_PATH must not be mixed with the libraries of one that is installed as well: its
# configuration file searches the system's folders first, so its own folder is put in front.
foreach(prefix IN LISTS CMAKE_PREFIX_PATH)
  if(EXISTS ${prefix}/Torch/TorchConfig.cmake)
    list(PREPEND CMAKE_LIBRARY_PATH ${prefix}/../../lib)
  elseif(EXISTS ${prefix}/share/cmake/Torch/TorchConfig.cmake)
    list(PREPEND CMAKE_LIBRARY_PATH ${prefix}/lib)
  endif()
endforeach()
set(SEGBENCH_TORCH_BY_PATH "" CACHE PATH "Folder of a LibTorch that is linked without CUDA's toolkit (cmake/torch_by_path.cmake)")
if(SEGBENCH_TORCH_BY_PATH)
  include(cmake/torch_by_path.cmake)
else()
  find_package(Torch REQUIRED)
endif()
# What does not include LibTorch is compiled with the strings of this compiler, and all is linked into one program.
if(TORCH_CXX_FLAGS MATCHES "_GLIBCXX_USE_CXX11_ABI=0")
  message(FATAL_ERROR "This LibTorch is built for the old strings of the C++ library (_GLIBCXX_USE_CXX11_ABI=0), which the rest "
    "of the program is not. Take its \"cxx11 ABI\" archive, or a PyTorch of pip from 2.6 on (scripts/build.sh --torch pip-cuda).")
endif()
find_package(Threads REQUIRED)
find_path(SEGBENCH_CLI11_INCLUDE CLI/CLI.hpp HINTS ${SEGBENCH_HEADER_PATH} REQUIRED)

# Including torch/torch.h costs about half a minute a file, so its precompiled header is built once.
add_library(segbench_torch INTERFACE)
# PyTorch's wheels bring headers of a newer {fmt}; all files here take the one that the rest is built with.
foreach(folder IN LISTS TORCH_INCLUDE_DIRS)
  if(EXISTS ${folder}/fmt/format.h AND NOT folder STREQUAL SEGBENCH_FMT_INCLUDE)
    file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/fmt_first)
    file(CREATE_LINK ${SEGBENCH_FMT_INCLUDE}/fmt ${CMAKE_BINARY_DIR}/fmt_first/fmt SYMBOLIC)
    target_include_directories(segbench_torch SYSTEM INTERFACE ${CMAKE_BINARY_DIR}/fmt_first)
    break()
  endif()
endforeach()
target_include_directories(segbench_torch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
separate_arguments(segbench_torch_flags UNIX_COMMAND "${TORCH_CXX_FLAGS}")
# Nothing here reads errno after a square root, and without it the loops of losses and optimizers vectorise.
target_compile_options(segbench_torch INTERFACE ${segbench_torch_flags} -fno-math-errno)
target_link_libraries(segbench_torch INTERFACE ${TORCH_LIBRARIES} segbench_headers segbench_core segbench_trial segbench_metrics segbench_weights segbench_script segbench_engines
  Threads::Threads)

# Debian's LibTorch takes whichever BLAS the system prefers, and where OpenBLAS is installed in two builds that is the one
# with a thread pool of its own, which fights LibTorch's OpenMP team for the cores (docs/measurements). So our programs look
# first where the other one lies, today or when it is installed later. It must be a DT_RPATH: a DT_RUNPATH would not count
# for the libraries of LibTorch. A LibTorch that brings its own BLAS finds nothing there that it wants.
if(CMAKE_LIBRARY_ARCHITECTURE)
  target_link_options(segbench_torch INTERFACE "LINKER:--disable-new-dtags"
    "LINKER:-rpath,/usr/lib/${CMAKE_LIBRARY_ARCHITECTURE}/openblas-openmp")
endif()

add_library(segbench_torch_pch OBJECT ${PROJECT_SOURCE_DIR}/cmake/empty.cpp)
target_link_libraries(segbench_torch_pch PUBLIC segbench_torch)
target_precompile_headers(segbench_torch_pch PRIVATE <torch/torch.h>)

add_library(segbench_worker_objects OBJECT)
segbench_sources(segbench_worker_objects architectures/torch harness/augmentations/torch harness/conformance)
segbench_sources(segbench_worker_objects harness/losses harness/optimizers EXCLUDE "_spec\\.cpp$")
segbench_sources(segbench_worker_objects harness/train EXCLUDE "main\\.cpp$")
target_link_libraries(segbench_worker_objects PUBLIC segbench_torch)
target_include_directories(segbench_worker_objects SYSTEM PRIVATE ${SEGBENCH_CLI11_INCLUDE})
target_precompile_headers(segbench_worker_objects REUSE_FROM segbench_torch_pch)
target_link_libraries(segbench_worker_objects PUBLIC ${CMAKE_DL_LIBS})
segbench_unity(segbench_worker_objects)
if(TARGET c10_cuda)  # asks the GPU's allocator for its peak, before LibTorch 2.9; all else goes without CUDA's headers
  target_compile_definitions(segbench_worker_objects PRIVATE SEGBENCH_WITH_CUDA=1)
endif()

add_executable(segbench-worker harness/train/worker_main.cpp)
target_link_libraries(segbench-worker PRIVATE segbench_worker_objects segbench_specs)
target_precompile_headers(segbench-worker REUSE_FROM segbench_torch_pch)

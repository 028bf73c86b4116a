# A LibTorch for CUDA on a machine without CUDA's toolkit: its own configuration file asks for nvcc and CUDA's headers, of
# which we need neither. Its libraries are linked by their path, all of them, since nothing names libtorch_cuda, which
# registers itself. SEGBENCH_TORCH_BY_PATH is its folder, as unpacked or as Python's torch/.
# Sets TORCH_INCLUDE_DIRS, TORCH_LIBRARIES and TORCH_CXX_FLAGS as find_package(Torch) does.
set(segbench_torch_lib ${SEGBENCH_TORCH_BY_PATH}/lib)
set(TORCH_INCLUDE_DIRS ${SEGBENCH_TORCH_BY_PATH}/include ${SEGBENCH_TORCH_BY_PATH}/include/torch/csrc/api/include)
if(NOT EXISTS ${SEGBENCH_TORCH_BY_PATH}/include/torch/csrc/api/include/torch/torch.h)
  message(FATAL_ERROR "${SEGBENCH_TORCH_BY_PATH} is no LibTorch: it has no include/torch/csrc/api/include/torch/torch.h")
endif()
set(segbench_torch_files)
foreach(name IN ITEMS torch torch_cpu torch_cuda c10 c10_cuda)
  if(EXISTS ${segbench_torch_lib}/lib${name}.so)
    list(APPEND segbench_torch_files ${segbench_torch_lib}/lib${name}.so)
  elseif(NOT name MATCHES "cuda")
    message(FATAL_ERROR "${SEGBENCH_TORCH_BY_PATH} is no LibTorch: it has no lib/lib${name}.so")
  endif()
endforeach()
# The C++ library's new or old strings: the libraries tell by the names of their functions.
file(STRINGS ${segbench_torch_lib}/libc10.so segbench_new_strings REGEX "_ZN3c105ErrorC.*cxx11" LIMIT_COUNT 1)
if(segbench_new_strings)
  set(TORCH_CXX_FLAGS "-D_GLIBCXX_USE_CXX11_ABI=1")
else()
  set(TORCH_CXX_FLAGS "-D_GLIBCXX_USE_CXX11_ABI=0")
endif()
# What these libraries need themselves (CUDA's own) is found by them when they are loaded.
set(TORCH_LIBRARIES "-L${segbench_torch_lib}" "LINKER:--no-as-needed" ${segbench_torch_files} "LINKER:--as-needed"
  "LINKER:--allow-shlib-undefined" "LINKER:-rpath,${segbench_torch_lib}")
list(TRANSFORM TORCH_LIBRARIES REPLACE "^LINKER:" "-Wl,")

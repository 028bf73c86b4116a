// SPDX-License-Identifier: MIT
#include "harness/train/accelerator.h"

#include <ATen/detail/CUDAHooksInterface.h>
#include <fmt/format.h>

#include <exception>
#include <optional>

#include "architectures/torch/torchscript.h"
#include "harness/core/text.h"
#include "harness/train/alerts.h"

namespace segbench::train {
namespace {

/// What is wrong with a device; empty when it works.
std::optional<std::string> fault_of(const Accelerator& accelerator, torch::Device device) {
  try {
    accelerator.try_out(device);
    return std::nullopt;
  } catch (const c10::Error& error) {
    return architectures::cause_of(error.what_without_backtrace());
  } catch (const std::exception& error) {
    return architectures::cause_of(error.what());
  }
}

std::string why_none(const Accelerator& accelerator, const std::string& words) {
  if (!accelerator.is_built()) return "this segbench-worker is built with a LibTorch for CPUs only";
  return words.empty() ? "LibTorch finds no GPU" : words;
}

int index_of(const std::string& text) {
  if (text == "cuda") return 0;
  constexpr std::string_view kPrefix = "cuda:";
  const std::string number = text.starts_with(kPrefix) ? text.substr(kPrefix.size()) : "";
  if (number.empty() || number.size() > 3 || number.find_first_not_of("0123456789") != std::string::npos) {
    throw core::UserError(
        fmt::format("--device: unknown device \"{}\"; known devices: auto, cpu, cuda, cuda:N{}", text,
                    core::did_you_mean(text, {"auto", "cpu", "cuda"})));
  }
  return std::stoi(number);
}

}  // namespace

bool Accelerator::is_built() const {
  return at::detail::getCUDAHooks().hasCUDART();
}

int Accelerator::count(std::string& words) const {
  const WarningTexts texts;
  const auto found = static_cast<int>(torch::cuda::device_count());
  for (const std::string& text : texts.heard())
    words += (words.empty() ? "" : "; ") + architectures::cause_of(text);
  return found;
}

void Accelerator::try_out(torch::Device device) const {
  const double sum =
      torch::ones({64}, torch::TensorOptions(torch::kFloat).device(device)).sum().item<double>();
  if (sum != 64) throw core::UserError(fmt::format("it adds 64 ones up to {}", sum));
}

DeviceChoice choose_device(const std::string& text, const Accelerator& accelerator, const core::Gpus& gpus) {
  if (text == "cpu") return {torch::kCPU};
  const int index = text == "auto" ? 0 : index_of(text);
  std::string words;
  const int count = accelerator.count(words);
  const torch::Device device(torch::kCUDA, static_cast<torch::DeviceIndex>(index));
  std::optional<std::string> problem;
  if (count == 0) {
    problem = why_none(accelerator, words);
  } else if (index >= count) {
    problem = fmt::format("LibTorch finds {} GPU{}", count, count == 1 ? "" : "s");
  } else {
    problem = fault_of(accelerator, device);
  }
  if (!problem) return {device};
  if (text == "auto") return {torch::kCPU, count == 0 && gpus.gpus.empty() ? "" : *problem};
  throw core::UserError(fmt::format("--device is \"{}\", but {}", text, *problem), core::kNoDevice);
}

}  // namespace segbench::train

// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include <map>
#include <string>

namespace segbench::architectures {

/// The modules below one, by their dotted paths, made when they are first asked for: so that a network has
/// the tensors' names that a state_dict of PyTorch has.
class Submodules {
 public:
  explicit Submodules(torch::nn::Module& root) : root_(&root) {}

  /// The module at a path, made with all above it where it is not there yet; the root for "".
  torch::nn::Module& at(const std::string& path) {
    if (path.empty()) return *root_;
    if (const auto found = made_.find(path); found != made_.end()) return *found->second;
    const std::size_t dot = path.rfind('.');
    torch::nn::Module& parent = at(dot == std::string::npos ? "" : path.substr(0, dot));
    const std::string name = path.substr(dot == std::string::npos ? 0 : dot + 1);
    const auto module = parent.register_module(name, std::make_shared<torch::nn::Module>(name));
    made_.emplace(path, module.get());
    return *module;
  }

 private:
  torch::nn::Module* root_;
  std::map<std::string, torch::nn::Module*> made_;
};

}  // namespace segbench::architectures

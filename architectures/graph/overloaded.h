// SPDX-License-Identifier: MIT
#pragma once

namespace segbench::architectures {

/// A function of a variant with an overload for each alternative: std::visit(Overloaded{…}, op).
template <typename... Callables>
struct Overloaded : Callables... {
  using Callables::operator()...;
};
template <typename... Callables>
Overloaded(Callables...) -> Overloaded<Callables...>;

}  // namespace segbench::architectures

// SPDX-License-Identifier: MIT
#include "harness/train/shared_group.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "harness/core/error.h"
#include "harness/core/stopwatch.h"
#include "harness/train/host_copies.h"

namespace segbench::train {
namespace {

using torch::Tensor;

constexpr std::size_t kPartAlignment = 64;
/// Bytes from which on, with more than two processes, each adds up its share and reads those of the others,
/// instead of all of it.
constexpr std::size_t kSharedFrom = 16 << 10;
constexpr std::int64_t kValuesAThread = 1 << 15;

std::size_t aligned(std::size_t bytes) {
  return (bytes + kPartAlignment - 1) / kPartAlignment * kPartAlignment;
}

/// to[begin … end) = the sums of `from`, in its order.
template <typename Scalar>
void add_in_order(const std::vector<const std::byte*>& from, std::byte* to, std::int64_t begin,
                  std::int64_t end) {
  at::parallel_for(begin, end, kValuesAThread, [&](std::int64_t first, std::int64_t last) {
    const auto values = [&](std::size_t i) { return reinterpret_cast<const Scalar*>(from[i]); };
    auto* sums = reinterpret_cast<Scalar*>(to);
    const Scalar *a = values(0), *b = values(1);
    for (std::int64_t i = first; i < last; ++i) sums[i] = a[i] + b[i];
    for (std::size_t rank = 2; rank < from.size(); ++rank) {
      const Scalar* further = values(rank);
      for (std::int64_t i = first; i < last; ++i) sums[i] += further[i];
    }
  });
}

}  // namespace

SharedGroup::SharedGroup(Meeting meeting) : meeting_(std::move(meeting)) {
  meeting_.wait();
}

void SharedGroup::sum(const std::vector<Tensor>& tensors) {
  const auto begin = std::chrono::steady_clock::now();
  const torch::NoGradGuard no_grad;
  HostCopies copies(tensors);
  sum_on_host(copies.tensors());
  copies.give_back();
  seconds_ += core::seconds_since(begin);
}

void SharedGroup::sum_on_host(const std::vector<Tensor>& tensors) {
  std::vector<Part> piece;
  std::size_t used = 0;
  const auto send = [&] {
    if (!piece.empty()) sum_piece(piece, used);
    piece.clear();
    used = 0;
  };
  for (const Tensor& tensor : tensors) {
    const torch::ScalarType type = tensor.scalar_type();
    SEGBENCH_CHECK(type == torch::kFloat || type == torch::kDouble, "only float32 and float64 are added up");
    const std::size_t size = tensor.element_size();
    auto* data = static_cast<std::byte*>(tensor.data_ptr());
    for (std::int64_t left = tensor.numel(); left > 0;) {
      if (used + kPartAlignment > Meeting::kSlotBytes) send();
      const auto room = static_cast<std::int64_t>((Meeting::kSlotBytes - used) / size);
      const std::int64_t count = std::min(left, room);
      const std::size_t bytes = static_cast<std::size_t>(count) * size;
      piece.push_back({data, count, type, used});
      used += aligned(bytes);
      data += bytes;
      left -= count;
    }
  }
  send();
}

void SharedGroup::sum_piece(const std::vector<Part>& piece, std::size_t bytes) {
  meeting_.turn();
  std::byte* mine = meeting_.slot(rank());
  for (const Part& part : piece)
    std::memcpy(mine + part.offset, part.data,
                static_cast<std::size_t>(part.count) * c10::elementSize(part.type));
  meeting_.wait();
  const bool by_shares = size() > 2 && bytes >= kSharedFrom;
  add_parts(piece, by_shares);
  if (!by_shares) return;
  meeting_.wait();
  for (const Part& part : piece)
    std::memcpy(part.data, meeting_.result() + part.offset,
                static_cast<std::size_t>(part.count) * c10::elementSize(part.type));
}

/// What lies in the slots, into the tensors; or this process's share of it, into the result.
void SharedGroup::add_parts(const std::vector<Part>& piece, bool of_my_share) {
  for (const Part& part : piece) {
    std::vector<const std::byte*> from;
    for (int i = 0; i < size(); ++i) from.push_back(meeting_.slot(i) + part.offset);
    std::byte* to = of_my_share ? meeting_.result() + part.offset : part.data;
    const std::int64_t first = of_my_share ? part.count * rank() / size() : 0,
                       last = of_my_share ? part.count * (rank() + 1) / size() : part.count;
    part.type == torch::kFloat ? add_in_order<float>(from, to, first, last)
                               : add_in_order<double>(from, to, first, last);
  }
}

void SharedGroup::broadcast_bytes(std::byte* data, std::size_t bytes) {
  for (std::size_t done = 0; done < bytes; done += Meeting::kSlotBytes) {
    const std::size_t count = std::min(bytes - done, Meeting::kSlotBytes);
    meeting_.turn();
    if (rank() == 0) std::memcpy(meeting_.slot(0), data + done, count);
    meeting_.wait();
    if (rank() != 0) std::memcpy(data + done, meeting_.slot(0), count);
  }
}

void SharedGroup::broadcast(Tensor& tensor) {
  const torch::NoGradGuard no_grad;
  HostCopies copies({tensor});
  const Tensor& values = copies.tensors()[0];
  broadcast_bytes(static_cast<std::byte*>(values.data_ptr()), values.nbytes());
  copies.give_back();
}

std::string SharedGroup::broadcast(const std::string& text) {
  std::uint64_t size = text.size();
  broadcast_bytes(reinterpret_cast<std::byte*>(&size), sizeof size);
  std::string received = text;
  received.resize(size);
  broadcast_bytes(reinterpret_cast<std::byte*>(received.data()), received.size());
  return received;
}

}  // namespace segbench::train

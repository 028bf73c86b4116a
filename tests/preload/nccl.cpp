// SPDX-License-Identifier: MIT
// A library for sums over GPUs where there are none: the threads of one process stand for processes, and
// tensors lie in its memory. It adds up from the last rank to the first, so that its sums can be told from
// those of others. A sum of 13 values is an error. What was called is told by fake_nccl_calls().
#include <condition_variable>
#include <cstring>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace {

struct Id {
  char bytes[128];
};

/// What the members of a communicator have called so far.
struct Communicator {
  int size = 0, joined = 0, arrived = 0, left = 0;
  bool is_aborted = false;
  std::vector<const void*> sent;
  std::vector<void*> received;
};

struct Member {
  Communicator* all;
  int rank;
};

std::mutex mutex;
// Never destroyed: at the end of the process somebody may still wait for a member that does not come, and
// the destructor would wait for them.
std::condition_variable& changed = *new std::condition_variable;
std::map<std::string, Communicator> communicators;
std::string calls;
int ids = 0;

constexpr int kOk = 0, kInvalidUsage = 5, kRemoteError = 6;

/// Waits for all members, has one of them do `work`, and lets all go on.
template <typename Work>
int together(Member& member, const void* send, void* receive, const Work& work) {
  std::unique_lock lock(mutex);
  Communicator& all = *member.all;
  changed.wait(lock, [&] { return all.left == 0 || all.is_aborted; });
  if (all.is_aborted) return kRemoteError;
  all.sent.resize(static_cast<std::size_t>(all.size));
  all.received.resize(static_cast<std::size_t>(all.size));
  all.sent[static_cast<std::size_t>(member.rank)] = send;
  all.received[static_cast<std::size_t>(member.rank)] = receive;
  if (++all.arrived == all.size) {
    work(all);
    all.arrived = 0;
    all.left = all.size;
    changed.notify_all();
  } else {
    changed.wait(lock, [&] { return all.left > 0 || all.is_aborted; });
    if (all.is_aborted) return kRemoteError;
  }
  if (--all.left == 0) changed.notify_all();
  return kOk;
}

template <typename Scalar>
void sum_backwards(const Communicator& all, std::size_t count) {
  std::vector<Scalar> sums(count);
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t rank = all.sent.size(); rank-- > 0;)
      sums[i] += static_cast<const Scalar*>(all.sent[rank])[i];
  }
  for (void* to : all.received) std::memcpy(to, sums.data(), count * sizeof(Scalar));
}

void note(Member& member, const std::string& call) {
  const std::lock_guard lock(mutex);
  if (member.rank == 0) calls += call + "\n";
}

}  // namespace

extern "C" {

const char* fake_nccl_calls() {
  static std::string told;
  const std::lock_guard lock(mutex);
  told.swap(calls);
  calls.clear();
  return told.c_str();
}

int ncclGetVersion(int* version) {
  *version = 22703;
  return kOk;
}

const char* ncclGetErrorString(int status) {
  return status == kInvalidUsage ? "invalid usage" : "remote process exited or there was a network error";
}

int ncclGetUniqueId(Id* id) {
  const std::lock_guard lock(mutex);
  std::memset(id->bytes, 0, sizeof id->bytes);
  id->bytes[1] = static_cast<char>(++ids);  // behind a zero: it is no text
  return kOk;
}

int ncclCommInitRank(void** made, int size, Id id, int rank) {
  std::unique_lock lock(mutex);
  Communicator& all = communicators[std::string(id.bytes, sizeof id.bytes)];
  all.size = size;
  ++all.joined;
  changed.notify_all();
  changed.wait(lock, [&] { return all.joined == size; });
  *made = new Member{&all, rank};
  return kOk;
}

int ncclCommAbort(void* communicator) {
  auto& member = *static_cast<Member*>(communicator);
  note(member, "abort");
  const std::lock_guard lock(mutex);
  member.all->is_aborted = true;
  changed.notify_all();
  return kOk;
}

int ncclGroupStart() {
  return kOk;
}

int ncclGroupEnd() {
  return kOk;
}

int ncclAllReduce(const void* send, void* receive, std::size_t count, int type, int operation,
                  void* communicator, void* stream) {
  auto& member = *static_cast<Member*>(communicator);
  if (count == 13 || operation != 0 || stream != nullptr) return kInvalidUsage;
  note(member, "sum " + std::to_string(count) + (type == 8 ? " double" : " float"));
  return together(member, send, receive, [&](const Communicator& all) {
    type == 8 ? sum_backwards<double>(all, count) : sum_backwards<float>(all, count);
  });
}

int ncclBroadcast(const void* send, void* receive, std::size_t count, int type, int root, void* communicator,
                  void* stream) {
  auto& member = *static_cast<Member*>(communicator);
  if (type != 1 || root != 0 || stream != nullptr) return kInvalidUsage;
  note(member, "broadcast " + std::to_string(count));
  return together(member, send, receive, [&](const Communicator& all) {
    for (std::size_t rank = 1; rank < all.received.size(); ++rank)
      std::memcpy(all.received[rank], all.sent[0], count);
  });
}

}  // extern "C"

// SPDX-License-Identifier: MIT
// Files that somebody made to break the reader, or that broke on their way.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/weights/weight_file.h"
#include "tests/support/temporary_folder.h"
#include "tests/weights/torch_file.h"

namespace segbench::tests {
namespace {

using testing::AllOf;
using testing::HasSubstr;

/// What the reader says about a file of this content; "accepted" when nothing.
std::string verdict(const std::string& content) {
  const TemporaryFolder folder;
  const std::filesystem::path file = folder / "w.pth";
  core::write_file_atomically(file, content);
  try {
    const weights::WeightFile read(file);
    for (const auto& [name, tensor] : read.tensors()) {
      if (weights::is_floating(tensor.dtype)) weights::float_values(tensor);
    }
  } catch (const core::UserError& error) {
    EXPECT_THAT(error.what(), HasSubstr(file.string())) << "the file is not named";
    return error.what();
  }
  return "accepted";
}

std::string one_tensor(std::int64_t count, const std::vector<std::int64_t>& shape,
                       const std::vector<std::int64_t>& strides, std::int64_t offset = 0,
                       const std::string& data = floats({1, 2, 3, 4, 5, 6})) {
  return pth_of(PickleWriter().op("}").text("a").tensor("0", count, shape, strides, offset).op("s").end(),
                {{"0", data}});
}

TEST(HostileWeights, APickleThatWouldRunCodeIsRefusedAndNotRun) {
  const TemporaryFolder folder;
  const std::string marker = (folder / "marker").string();
  const std::string command = "touch " + marker;
  for (const auto& [module, name] :
       std::vector<std::pair<std::string, std::string>>{{"os", "system"},
                                                        {"posix", "system"},
                                                        {"builtins", "eval"},
                                                        {"builtins", "exec"},
                                                        {"torch", "load"},
                                                        {"torch.hub", "load"},
                                                        {"collections", "OrderedDict.__class__"},
                                                        {"torch._utils", "_rebuild_qtensor"}}) {
    const std::string program = PickleWriter().global(module, name).text(command).op("\x85R").end();
    EXPECT_THAT(verdict(pth_of(program)),
                AllOf(HasSubstr("GLOBAL " + module + "." + name), HasSubstr("supported:")));
  }
  const std::string stacked =
      PickleWriter().text("os").text("system").op("\x93").text(command).op("\x85R").end();
  EXPECT_THAT(verdict(pth_of(stacked)), HasSubstr("STACK_GLOBAL os.system"));
  const std::string instance = PickleWriter().op("(").text(command).op("ios\nsystem\n").end();
  EXPECT_THAT(verdict(pth_of(instance)), HasSubstr("opcode 0x69 ('i')"));
  const std::string extension = PickleWriter().op("\x82\x01").end();
  EXPECT_THAT(verdict(pth_of(extension)), HasSubstr("opcode 0x82"));
  const std::string new_object = PickleWriter().global("collections", "OrderedDict").op(")\x81").end();
  EXPECT_THAT(verdict(pth_of(new_object)), HasSubstr("opcode 0x81"));
  EXPECT_FALSE(std::filesystem::exists(marker));
}

TEST(HostileWeights, AllowedNamesCannotBeCalledWithAnythingElse) {
  EXPECT_THAT(verdict(pth_of(PickleWriter().global("torch", "FloatStorage").op(")R").end())),
              HasSubstr("REDUCE of torch.FloatStorage"));
  EXPECT_THAT(verdict(pth_of(PickleWriter().global("collections", "OrderedDict").op("]\x85R").end())),
              HasSubstr("REDUCE of collections.OrderedDict"));
  EXPECT_THAT(verdict(pth_of(PickleWriter().text("os.system").op(")R").end())), HasSubstr("got a string"));
  EXPECT_THAT(verdict(pth_of(PickleWriter().op("]}b").end())), HasSubstr("got a list"));
  EXPECT_THAT(
      verdict(pth_of(PickleWriter().global("torch._utils", "_rebuild_parameter").op("NNN\x87R").end())),
      HasSubstr("expected a tensor, got None"));
  EXPECT_THAT(verdict(pth_of(PickleWriter().op("(").text("module").op("tQ").end())),
              HasSubstr("not a storage"));
}

TEST(HostileWeights, ABrokenMachineIsRefused) {
  for (const char* program : {".",         "0.",
                              "a.",        "s.",
                              "t.",        "u.",
                              "R.",        "Q.",
                              "b.",        "2.",
                              "(.",        "}N.",
                              "h\x05.",    "\x86.",
                              "N}s.",      "]Nu.",
                              "(Nd.",      "}(Nu.",
                              "q\x01.",    "c",
                              "cos",       "X\xff\xff\xff\xff",
                              "\x8d",      "B",
                              "\x80\x09.", "\x8b\xff\xff\xff\xff",
                              "J\x01",     "G",
                              "\xff",      ""}) {
    EXPECT_THAT(verdict(pth_of(std::string("\x80\x02", 2) + program)), testing::Not("accepted")) << program;
  }
  EXPECT_THAT(verdict(pth_of(PickleWriter().op("cos" + std::string(5000, 'x')).end())),
              HasSubstr("without an end"));
}

TEST(HostileWeights, SmallFilesCannotBecomeLarge) {
  EXPECT_THAT(verdict(pth_of(std::string("\x80\x02", 2) + std::string(std::size_t{17} << 20, '(') + "N.")),
              HasSubstr("its pickle has 17825796 bytes"));
  EXPECT_THAT(verdict(pth_of(std::string("\x80\x02", 2) + std::string(3'000'000, 'N') + ".")),
              HasSubstr("more than 2000000 values"));
  // Tuples of tuples that a naive reader would copy: 2^100 values.
  PickleWriter doubling;
  doubling.op("]");
  for (int i = 0; i < 100; ++i) doubling.op("2\x86");
  EXPECT_THAT(verdict(pth_of(doubling.end())), HasSubstr("top level is a tuple"));
  // A list within itself.
  EXPECT_THAT(verdict(pth_of(PickleWriter().op("}").text("a").op("]2as").end())),
              HasSubstr("has no tensors"));
  PickleWriter deep;
  deep.op(std::string(1'000'000, ']')).op(std::string(999'999, 'a'));
  EXPECT_THAT(verdict(pth_of(deep.end())), HasSubstr("top level is a list"));
  // One value, a million million times.
  EXPECT_THAT(verdict(one_tensor(6, {1'000'000, 1'000'000}, {0, 0})),
              HasSubstr("do not fit into its storage"));
}

TEST(HostileWeights, TensorsThatDoNotFitTheirStorageAreRefused) {
  constexpr std::int64_t kHuge = std::int64_t{1} << 62;
  EXPECT_EQ(verdict(one_tensor(6, {2, 3}, {3, 1})), "accepted");
  EXPECT_EQ(verdict(one_tensor(6, {0, kHuge, kHuge}, {kHuge, kHuge, 1})), "accepted");
  for (const auto& [shape, strides, offset] :
       std::vector<std::tuple<std::vector<std::int64_t>, std::vector<std::int64_t>, std::int64_t>>{
           {{2, 3}, {3, 1}, 1},
           {{7}, {1}, 0},
           {{2}, {6}, 0},
           {{2}, {-1}, 1},
           {{-2}, {1}, 0},
           {{2}, {1}, -1},
           {{kHuge, 4}, {4, 1}, 0},
           {{3}, {kHuge}, 0},
           {{kHuge, kHuge}, {1, 1}, 0},
           {{1}, {1}, kHuge},
           {{2, 2}, {kHuge, kHuge}, 5},
           {{0}, {1}, 7}}) {
    EXPECT_THAT(verdict(one_tensor(6, shape, strides, offset)), HasSubstr("do not fit into its storage"));
  }
  EXPECT_THAT(verdict(one_tensor(6, {2, 3}, {1})), HasSubstr("2 dimensions with 1 strides"));
  const std::vector<std::int64_t> ones(65, 1);
  EXPECT_THAT(verdict(one_tensor(6, ones, ones)), HasSubstr("65 dimensions; at most 64 are supported"));
  EXPECT_THAT(verdict(one_tensor(7, {2, 3}, {3, 1})),
              HasSubstr("said to hold 7 values of type F32, but has 24 bytes"));
  EXPECT_THAT(verdict(one_tensor(-1, {1}, {1})), HasSubstr("said to hold -1 values"));
  EXPECT_THAT(verdict(one_tensor(kHuge, {1}, {1})), HasSubstr("said to hold"));
  EXPECT_THAT(
      verdict(pth_of(PickleWriter().op("}").text("a").tensor("9", 6, {6}, {1}).op("s").end(), {{"0", "x"}})),
      HasSubstr("it has no archive/data/9"));
  EXPECT_THAT(verdict(pth_of(PickleWriter().op("}").text("a").tensor("../../x", 1, {1}, {1}).op("s").end())),
              HasSubstr("it has no archive/data/../../x"));
}

TEST(HostileWeights, OnlyTensorsInDictsAreTaken) {
  const std::pair<std::string, std::string> storage{"0", floats({1})};
  const auto with = [&](const std::function<void(PickleWriter&)>& write) {
    PickleWriter writer;
    write(writer);
    return verdict(pth_of(writer.end(), {storage}));
  };
  EXPECT_THAT(with([](auto& w) { w.tensor("0", 1, {1}, {1}); }), HasSubstr("top level is a tensor"));
  EXPECT_THAT(with([](auto& w) { w.op("]"); }), HasSubstr("top level is a list"));
  EXPECT_THAT(with([](auto& w) { w.op("}"); }), HasSubstr("a dict with nothing in it"));
  EXPECT_THAT(with([](auto& w) { w.op("}").text("a").tensor("0", 1, {1}, {1}).op("s").text("b").op("Ns"); }),
              HasSubstr("b is None, not a tensor"));
  EXPECT_THAT(with([](auto& w) { w.op("}K\x01").tensor("0", 1, {1}, {1}).op("s"); }),
              HasSubstr("an integer as a key"));
  EXPECT_THAT(with([](auto& w) {
                for (int i = 0; i < 2; ++i)
                  (i == 0 ? w.op("}") : w).text("a").tensor("0", 1, {1}, {1}).op("s");
              }),
              HasSubstr("a: stands there twice"));
  const auto checkpoint = [](PickleWriter& w, const char* key) {
    w.text(key).op("}").text("a").tensor("0", 1, {1}, {1}).op("ss");
  };
  EXPECT_THAT(with([&](auto& w) { checkpoint(w.op("}"), "weights_of_mine"); }), HasSubstr("has no tensors"));
  EXPECT_THAT(with([&](auto& w) {
                checkpoint(w.op("}"), "state_dict");
                checkpoint(w, "model");
              }),
              HasSubstr("under \"state_dict\" and \"model\""));
}

TEST(HostileWeights, DamagedArchivesAreRefused) {
  const std::string pickle = PickleWriter().op("}").text("a").tensor("0", 1, {1}, {1}).op("s").end();
  const ZipItem data{.name = "x/data.pkl", .data = pickle}, storage{.name = "x/data/0", .data = floats({1})};
  const auto changed = [](ZipItem item, auto change) {
    change(item);
    return item;
  };
  EXPECT_EQ(verdict(zip_of({data, storage})), "accepted");
  EXPECT_THAT(verdict(zip_of({data, changed(storage, [](auto& i) { i.method = 8; })})),
              HasSubstr("x/data/0 is compressed or encrypted"));
  EXPECT_THAT(verdict(zip_of({data, changed(storage, [](auto& i) { i.flags = 1; })})),
              HasSubstr("compressed or encrypted"));
  EXPECT_THAT(verdict(zip_of({data, changed(storage, [](auto& i) { i.crc_error = 1; })})),
              HasSubstr("checksum"));
  EXPECT_THAT(verdict(zip_of({data, changed(storage, [](auto& i) { i.local_name = "x/data/1"; })})),
              HasSubstr("another name"));
  EXPECT_THAT(verdict(zip_of({data, changed(storage, [](auto& i) { i.claimed_bytes = 1 << 30; })})),
              HasSubstr("truncated"));
  EXPECT_THAT(verdict(zip_of({data, changed(storage, [](auto& i) { i.claimed_offset = 1 << 30; })})),
              HasSubstr("not where the directory says"));
  EXPECT_THAT(verdict(zip_of({data, changed(data,
                                            [](auto& i) {
                                              i.claimed_offset = 0;
                                              i.name = "x/data.pkl";
                                            })})),
              HasSubstr("twice"));
  EXPECT_THAT(
      verdict(zip_of(
          {changed(data, [&](auto& i) { i.claimed_bytes = static_cast<std::int64_t>(i.data.size()) + 20; }),
           storage})),
      HasSubstr("overlap"));
  EXPECT_THAT(verdict(zip_of({data, storage}, 60000)), HasSubstr("claims 60000 entries"));
  EXPECT_THAT(verdict(zip_of({storage})), HasSubstr("without data.pkl"));
  EXPECT_THAT(verdict(zip_of({data, storage, {.name = "y/data.pkl", .data = pickle}})),
              HasSubstr("two files data.pkl"));
  EXPECT_THAT(verdict(zip_of({data, storage, {.name = "x/byteorder", .data = "big"}})),
              HasSubstr("byte order big"));
  EXPECT_THAT(verdict(zip_of({data, storage, {.name = "x/constants.pkl", .data = "x"}})),
              HasSubstr("TorchScript module"));
}

TEST(HostileWeights, EveryTruncationAndEveryFlippedByteIsSurvived) {
  const std::string whole = one_tensor(6, {2, 3}, {3, 1});
  for (std::size_t bytes = 0; bytes < whole.size(); ++bytes) {
    EXPECT_NE(verdict(whole.substr(0, bytes)), "accepted") << bytes;
  }
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string flipped = whole;
    flipped[i] = static_cast<char>(~flipped[i]);
    verdict(flipped);  // either is fine, as long as it says so
  }
}

TEST(HostileWeights, OtherFormatsAreNamedWithTheWayOut) {
  const std::string legacy("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.\x80\x02M\xe9\x03.", 21);
  EXPECT_THAT(verdict(legacy),
              AllOf(HasSubstr("before 1.6"), HasSubstr("python3 -c"), HasSubstr("weights_only=True")));
  EXPECT_THAT(verdict("<!DOCTYPE html><html>"), HasSubstr("failed download"));
  EXPECT_THAT(verdict("\x89HDF\r\n\x1a\n"), HasSubstr("HDF5"));
  EXPECT_THAT(verdict("version https://git-lfs.github.com/spec/v1"), HasSubstr("git lfs pull"));
  EXPECT_THAT(verdict("\x80\x04\x95"), HasSubstr("bare pickle"));
  EXPECT_THAT(verdict(""), HasSubstr("the file is empty"));
  EXPECT_THAT(verdict("some notes"), HasSubstr("not a known format of weights"));
}

/// Its first byte is the lowest of the header's length, which may be that of a pickle.
TEST(HostileWeights, SafetensorsMayBeginLikeAnotherFormat) {
  std::string header = R"({"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})";
  header.resize(0x80, ' ');
  EXPECT_EQ(verdict(std::string("\x80\0\0\0\0\0\0\0", 8) + header + floats({1})), "accepted");
}

TEST(HostileWeights, WhatIsNoFileIsRefused) {
  const TemporaryFolder folder;
  for (const std::string& name :
       {folder.path().string(), (folder / "none.pth").string(), std::string("/dev/zero")}) {
    EXPECT_THROW(weights::WeightFile{name}, core::UserError) << name;
  }
}

}  // namespace
}  // namespace segbench::tests

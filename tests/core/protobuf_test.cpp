// SPDX-License-Identifier: MIT
#include "harness/core/protobuf.h"

#include <gtest/gtest.h>

#include <string>

namespace segbench::core::protobuf {
namespace {

// The examples of https://protobuf.dev/programming-guides/encoding.
TEST(Protobuf, EncodesAsItsDocumentationDoes) {
  EXPECT_EQ(Message().integer(1, 150).bytes(), "\x08\x96\x01");
  EXPECT_EQ(Message().text(2, "testing").bytes(), "\x12\x07testing");
  EXPECT_EQ(Message().message(3, Message().integer(1, 150)).bytes(), "\x1a\x03\x08\x96\x01");
  EXPECT_EQ(Message().integer(1, -2).bytes(), "\x08\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01");
  EXPECT_EQ(Message().number(2, 1.5F).bytes(), std::string("\x15\x00\x00\xc0\x3f", 5));
  EXPECT_EQ(Message().real(2, 1.5).bytes(), std::string("\x11\x00\x00\x00\x00\x00\x00\xf8\x3f", 9));
  EXPECT_EQ(Message().text(16, std::string(200, 'x')).bytes().substr(0, 4), "\x82\x01\xc8\x01");
}

}  // namespace
}  // namespace segbench::core::protobuf

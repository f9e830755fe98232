// One vendor from both sides: its codec, its server, and what the one makes of the other.
#pragma once

#include <gmock/gmock.h>

#include "feeds/codec.hpp"
#include "feeds/decode_line.hpp"

namespace yagura::feeds {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

inline constexpr auto kNothing = R"({"ticks":[],"error":null})";
inline const auto kTime = timestamp_from_ns(1'770'595'200'123'456'789);
inline const ReplayTick kQuote{"USDJPY", {}, parse_price("157.120"), parse_price("157.123"), kTime, {}};
inline const ReplayTick kIndex{"NI225", parse_price("57001.23"), {}, {}, kTime, 43};

class VendorSpec : public ::testing::Test {
 protected:
  explicit VendorSpec(std::string_view name, const Credentials& credentials = {})
      : vendor_(*find_vendor(name)),
        codec_(vendor_.make_codec({credentials})),
        server_(vendor_.make_server != nullptr ? connect() : nullptr) {}

  std::string read(std::string_view frame) { return decode_line(*codec_, frame); }
  const Decoded& decode(Frame frame) {
    codec_->decode(frame, decoded_);
    return decoded_;
  }
  const Decoded& decode(std::string_view text) { return decode(Frame{text}); }
  // An error and no tick, whatever its words.
  void expect_error(std::string_view frame) {
    EXPECT_THAT(read(frame), StartsWith(R"({"ticks":[],"error":")")) << frame;
  }
  void expect_errors(std::initializer_list<std::string_view> frames) {
    for (const auto frame : frames) expect_error(frame);
  }
  void expect_nothing(std::initializer_list<std::string_view> frames) {
    for (const auto frame : frames) EXPECT_EQ(read(frame), kNothing) << frame;
  }

  std::unique_ptr<VendorServer> connect() { return vendor_.make_server(shared_); }
  std::vector<std::string> send(std::string_view frame, Duration at = 0s) {
    return server_->on_frame({frame}, MonoTime{} + at).frames;
  }
  std::string encode(const ReplayTick& tick) {
    std::string out;
    return server_->encode(tick, out) ? out : "cannot";
  }
  // What a client of the same vendor reads out of the frame for `tick`.
  std::string round_trip(const ReplayTick& tick) { return decode_line(*vendor_.make_codec(), encode(tick)); }

  const Vendor& vendor_;
  VendorServerShared shared_;
  std::unique_ptr<Codec> codec_;
  std::unique_ptr<VendorServer> server_;
  Decoded decoded_;
};

}  // namespace yagura::feeds

// The vendor's side of one connection, called by hand.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "tests/feeds/keyed_fixture.hpp"

namespace yagura::feeds {

using namespace std::chrono_literals;

inline const auto kTime = timestamp_from_ns(1'770'595'200'123'000'000);
inline const ReplayTick kQuote{"USDJPY", {}, parse_price("157.120"), parse_price("157.123"), kTime, {}};
inline const ReplayTick kPrice{"USDJPY", parse_price("157.125"), {}, {}, kTime, {}};
inline const ReplayTick kIndex{"NI225", parse_price("57001.23"), {}, {}, kTime, 43};

class KeyedServerSpec : public testing::Test {
 protected:
  void use(std::string_view vendor) {
    vendor_ = find_vendor(vendor);
    server_ = connect();
  }
  std::unique_ptr<VendorServer> connect() { return vendor_->make_server(shared_); }
  ServerReply open(VendorServer& server, std::string target) {
    server.on_request({std::move(target), {}});
    return server.on_open(MonoTime{});
  }
  ServerReply open(std::string target) { return open(*server_, std::move(target)); }
  ServerReply send(std::string_view frame, Duration at = 0s) { return server_->on_frame({frame}, MonoTime{} + at); }
  ServerReply timer(Duration at) { return server_->on_timer(MonoTime{} + at, kTime); }
  std::string round_trip(const ReplayTick& tick) {
    std::string out;
    return server_->encode(tick, out) ? decode_line(*codec_of(vendor_->name), out) : "cannot";
  }
  static std::string one_tick(std::string_view members) {
    return R"({"ticks":[{)" + std::string{members} + R"(,"ts_ms":1770595200123}],"error":null})";
  }

  const Vendor* vendor_ = nullptr;
  VendorServerShared shared_;
  std::unique_ptr<VendorServer> server_;
};

}  // namespace yagura::feeds

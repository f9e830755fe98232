// What the tests of vendors with a key share: the credentials, the symbols, and a tick of each kind.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "feeds/codec.hpp"
#include "feeds/decode_line.hpp"

namespace yagura::feeds {

inline constexpr auto kKey = "k3y-of-the-desk";

inline Credentials desk_credentials(std::string token = kKey) {
  return {.token = std::move(token), .user = "desk@example.com", .password = "pass-w0rd", .account = {}};
}

inline std::unique_ptr<Codec> codec_of(std::string_view vendor, std::string token = kKey) {
  return find_vendor(vendor)->make_codec({desk_credentials(std::move(token))});
}

// The vendors of this test, as many as are in the list.
inline constexpr std::string_view kKeyed[] = {"finnhub", "twelvedata", "massive", "tiingo",
                                              "eodhd",   "capitalcom", "alltick", "tradermade"};

}  // namespace yagura::feeds

// Links with which whoever got a letter acknowledges its alert, without logging in: signed, good once,
// for a week. The key stays in the state directory.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "alerts/state_dir.hpp"
#include "core/clock.hpp"
#include "core/hash128.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

namespace yagura::alerts {

// What a link that we made says.
struct AckClaim {
  Id128 alert;
  Timestamp expires;
  std::string nonce;  // 24 hexadecimal digits; no two links share one
};

// Any thread.
class AckLinks {
 public:
  static constexpr std::chrono::days kGoodFor{7};
  static constexpr std::size_t kTokenLength = 88;

  // Reads the key, or makes it at the first start (mode 0600). `public_url`: https://desk.example, no
  // slash behind it. The clock outlives it.
  static Result<AckLinks, StateError> open(const StateDir& dir, std::string public_url, const Clock& clock);

  [[nodiscard]] std::string url(Id128 alert) const { return public_url_ + "/a/" + token(alert); }
  [[nodiscard]] std::string token(Id128 alert) const;
  // Nothing when we did not make it. Whether it has expired or was used is the caller's to say.
  [[nodiscard]] std::optional<AckClaim> read(std::string_view token) const;

 private:
  static constexpr std::size_t kKeyBytes = 32;
  using Key = std::array<unsigned char, kKeyBytes>;
  AckLinks(std::string public_url, const Clock& clock, Key key)
      : public_url_(std::move(public_url)), clock_(&clock), key_(key) {}
  [[nodiscard]] std::string signature(std::string_view claim) const;

  std::string public_url_;
  const Clock* clock_;
  Key key_;
};

}  // namespace yagura::alerts

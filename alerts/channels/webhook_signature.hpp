// Signatures of Standard Webhooks (version v1).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace yagura::alerts {

// The key of a secret: the bytes behind "whsec_", which are base64; the text itself without that prefix.
[[nodiscard]] Result<std::string> webhook_key(std::string_view secret);

// "v1," and the base64 of HMAC-SHA256(key, "id.seconds.body").
[[nodiscard]] std::string webhook_signature(std::string_view key, std::string_view id, std::int64_t seconds,
                                            std::string_view body);

}  // namespace yagura::alerts

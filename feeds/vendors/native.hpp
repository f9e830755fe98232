// Yagura's own ticks as JSON, for whatever carries them.
#pragma once

#include <memory>
#include <string>

#include "feeds/codec.hpp"

namespace yagura::feeds {

// {"type":"tick","symbol":"USDJPY","ts_ns":…,"price":"154.2","bid":…,"ask":…,"seq":7} at the end of `out`.
void encode_native_tick(const ReplayTick& tick, std::string& out);

[[nodiscard]] std::unique_ptr<Codec> make_native_codec();

}  // namespace yagura::feeds

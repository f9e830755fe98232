// What the vendors' files share.
#pragma once

#include <string>
#include <string_view>

#include "feeds/codec.hpp"
#include "feeds/json_frame.hpp"
#include "feeds/json_tree.hpp"

namespace yagura::feeds {

// A key in a vendor's text is masked before the text is cut for people; cut earlier, half a key would
// be left. So codecs keep more than is shown.
inline constexpr std::size_t kLongText = 4096;

// Vendor text in an error message: as it came, but not without end.
[[nodiscard]] inline std::string_view clip(std::string_view text, std::size_t most = 200) {
  return text.substr(0, most);
}

// One bad value spoils its tick; the message quotes it.
inline void reject_value(Decoded& out, std::string_view name, const JsonScalar& value) {
  out.error.assign(name).append(" \"").append(clip(value.text, kLongText)).append("\" cannot be read");
}

// "USDJPY": two currency codes. Everything else keeps its name with most vendors.
[[nodiscard]] inline bool is_currency_pair(std::string_view symbol) {
  if (symbol.size() != 6) return false;
  for (const char c : symbol) {
    if (c < 'A' || c > 'Z') return false;
  }
  return true;
}

}  // namespace yagura::feeds

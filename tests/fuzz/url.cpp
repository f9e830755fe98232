// Fuzz target of addresses: one that is taken means the same when it is put together again, and no
// text for people shows its query.
#include <algorithm>
#include <cstdint>

#include "feeds/clean_text.hpp"
#include "feeds/url.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace yagura::feeds {
namespace {

using fuzz::require;

// The same address with another query.
std::string with_other_query(std::string_view input) {
  std::string other{input};
  if (const auto query = input.find('?'); query != std::string_view::npos)
    std::fill(other.begin() + static_cast<std::ptrdiff_t>(query) + 1, other.end(), 'x');
  return other;
}

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

void run(std::string_view input) {
  const auto other = with_other_query(input);
  const auto url = parse_url(input);
  const auto other_url = parse_url(other);
  if (!url) {
    require(!url.error().message.empty(), "refused without a word");
    // Unless the query itself was what is wrong.
    require(other_url || input.find('#') != std::string_view::npos || !is_printable(input) ||
                url.error().message == other_url.error().message,
            "an error that tells queries apart");
    return;
  }
  require(!url->host.empty() && url->port != 0 && url->target.starts_with('/'), "half an address");
  require(other_url && url->redacted() == other_url->redacted(), "a text that tells queries apart");
  const auto again = parse_url((url->secure ? "wss://" : "ws://") + url->authority() + url->target);
  require(static_cast<bool>(again), "not taken a second time");
  require(again->secure == url->secure && again->host == url->host && again->ip_literal == url->ip_literal &&
              again->port == url->port && again->target == url->target,
          "another address the second time");
}

}  // namespace
}  // namespace yagura::feeds

std::vector<std::string> yagura::fuzz::fuzz_seeds() {
  return {"ws://localhost:18080/kabusapi/websocket",
          "wss://ws.example.com?token=0123456789abcdef",
          "wss://[2001:db8::1]:8443/a/b?c=d&e=f",
          "wss://192.0.2.7/",
          "ws://user:pass@host/",
          "wss://host/#part"};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  yagura::feeds::run(text);
  const auto clean = yagura::feeds::clean_text(text);
  yagura::fuzz::require(yagura::feeds::clean_text(clean, clean.size()) == clean, "clean text that is not clean");
  return 0;
}

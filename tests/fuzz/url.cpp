// Fuzz target of addresses: one that is taken means the same when it is put together again, and no
// text for people shows its query.
#include <cstdint>

#include "feeds/clean_text.hpp"
#include "feeds/url.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace yagura::feeds {
namespace {

using fuzz::require;

void check_words(std::string_view input, std::string_view shown) {
  const auto query = input.find('?');
  if (query == std::string_view::npos || input.size() - query < 12) return;
  // Unless it also stands before the query, where it is no secret.
  const auto secret = input.substr(query + 1);
  require(
      input.substr(0, query + 1).find(secret) != std::string_view::npos || shown.find(secret) == std::string_view::npos,
      "a query is shown");
}

void run(std::string_view input) {
  check_words(input, redact_url(input));
  const auto url = parse_url(input);
  if (!url) {
    require(!url.error().message.empty(), "refused without a word");
    return check_words(input, url.error().message);
  }
  require(!url->host.empty() && url->port != 0 && url->target.starts_with('/'), "half an address");
  check_words(input, url->redacted());
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

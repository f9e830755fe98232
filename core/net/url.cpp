#include "core/net/url.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <optional>
#include <utility>

#include "core/net/clean_text.hpp"

namespace yagura::net {
namespace {

constexpr std::uint16_t kPort = 80;
constexpr std::uint16_t kSecurePort = 443;
constexpr std::uint16_t kNatsPort = 4222;

std::string_view scheme(Carrier carrier, bool secure) {
  if (carrier == Carrier::kNats) return secure ? "tls://" : "nats://";
  if (carrier == Carrier::kWebSocket) return secure ? "wss://" : "ws://";
  return secure ? "https://" : "http://";
}

std::uint16_t usual_port(Carrier carrier, bool secure) {
  if (carrier == Carrier::kNats) return kNatsPort;
  return secure ? kSecurePort : kPort;
}

bool starts_with_nocase(std::string_view text, std::string_view prefix) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return text.size() >= prefix.size() &&
         std::equal(prefix.begin(), prefix.end(), text.begin(), [&](char a, char b) { return a == lower(b); });
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

bool is_ip(const std::string& host) {
  boost::system::error_code error;
  (void)boost::asio::ip::make_address(host, error);
  return !error;
}

bool is_ipv6(const std::string& host) {
  boost::system::error_code error;
  (void)boost::asio::ip::make_address_v6(host, error);
  return !error;
}

// Letters, digits, '-', '_' and '.': enough for every host, and nothing that could end a header.
bool is_host_name(std::string_view host) {
  return !host.empty() && host.size() <= 253 && std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  });
}

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

// Splits "host:port" or "[v6]:port" into `url`; the reason when it is neither.
std::optional<std::string_view> split_authority(std::string_view authority, Url& url) {
  std::string_view port;
  if (authority.starts_with('[')) {
    const auto end = authority.find(']');
    if (end == std::string_view::npos) return "the IPv6 address lacks its ]";
    url.host = authority.substr(1, end - 1);
    if (!is_ipv6(url.host)) return "not an IPv6 address in [ ]";
    port = authority.substr(end + 1);
  } else {
    const auto colon = authority.find(':');
    url.host = authority.substr(0, colon);
    if (!is_host_name(url.host)) return "the host must be a name, an IPv4 address or [IPv6]";
    if (colon != std::string_view::npos) port = authority.substr(colon);
  }
  url.ip_literal = is_ip(url.host);
  if (port.empty()) return std::nullopt;
  const auto number = port.front() == ':' ? parse_port(port.substr(1)) : std::nullopt;
  if (!number) return "the port must be 1 to 65535";
  url.port = *number;
  return std::nullopt;
}

}  // namespace

std::string Url::authority() const {
  std::string text = host.find(':') == std::string::npos ? host : "[" + host + "]";
  if (port != usual_port(carrier, secure)) text += ":" + std::to_string(port);
  return text;
}

std::string Url::origin() const { return std::string{scheme(carrier, secure)} + authority(); }

std::string Url::redacted() const { return redact_url(origin() + target); }

Result<Url> parse_secret_url(std::string_view text, Carrier carrier) {
  Url url;
  url.carrier = carrier;
  const auto plain = scheme(carrier, false);
  const auto with_tls = scheme(carrier, true);
  std::string_view rest = text;
  if (starts_with_nocase(text, with_tls)) {
    url.secure = true;
    rest.remove_prefix(with_tls.size());
  } else if (starts_with_nocase(text, plain)) {
    rest.remove_prefix(plain.size());
  } else {
    return Error{"must begin with " + std::string{plain} + " or " + std::string{with_tls}};
  }
  url.port = usual_port(carrier, url.secure);
  if (!is_printable(rest)) return Error{"holds a space or a character beyond ASCII; write it as %XX"};
  if (rest.find('#') != std::string_view::npos) return Error{"a fragment (#) cannot be sent"};
  const auto end = std::min(rest.find_first_of("/?"), rest.size());
  const auto authority = rest.substr(0, end);
  if (authority.find('@') != std::string_view::npos) return Error{"user names in addresses are not supported"};
  if (const auto why = split_authority(authority, url)) return Error{std::string{*why}};
  if (end < rest.size()) url.target = (rest[end] == '?' ? "/" : "") + std::string{rest.substr(end)};
  return url;
}

Result<Url> parse_url(std::string_view text, Carrier carrier) {
  auto url = parse_secret_url(text, carrier);
  if (!url) return Error{"url \"" + clean_text(redact_url(text)) + "\": " + url.error().message};
  return url;
}

std::string redact_url(std::string_view text) {
  const auto query = text.find_first_of("?#");
  std::string shown{text.substr(0, query)};
  const auto scheme = shown.find("://");
  const auto authority = scheme == std::string::npos ? 0 : scheme + 3;
  const auto at = shown.rfind('@', shown.find('/', authority));
  if (at != std::string::npos && at >= authority) shown.erase(authority, at + 1 - authority);
  if (query != std::string_view::npos) shown += "?…";
  return shown;
}

}  // namespace yagura::net

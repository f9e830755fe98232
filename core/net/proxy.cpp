#include "core/net/proxy.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include "core/net/base64.hpp"
#include "core/net/clean_text.hpp"

namespace yagura::net {
namespace {

namespace ip = boost::asio::ip;
constexpr std::string_view kUserUnreserved = "-._~";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lowered(std::string_view text) {
  std::string out{text};
  std::ranges::transform(out, out.begin(), lower);
  return out;
}

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         kUserUnreserved.find(c) != std::string_view::npos;
}

std::string escaped(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_plain(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out.append("%").append(1, kHex[byte >> 4U]).append(1, kHex[byte & 15U]);
  }
  return out;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char letter = lower(c);
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

std::optional<std::string> unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const int high = i + 1 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

Error bad(std::string_view shown, std::string_view why) {
  return Error{"proxy \"" + clean_text(shown) + "\": " + std::string{why}};
}

// False for escapes that are none, and for what could not stand in the header: a colon would end the
// name there.
bool read_user(std::string_view text, Proxy& proxy) {
  const auto colon = text.find(':');
  const auto user = unescaped(text.substr(0, colon));
  const auto password = unescaped(colon == std::string_view::npos ? "" : text.substr(colon + 1));
  if (!user || !password || user->empty() || user->find(':') != std::string::npos) return false;
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (std::ranges::any_of(*user + *password, is_control)) return false;
  proxy.user = *user;
  proxy.password = *password;
  return true;
}

bool is_this_machine(const Url& url) {
  if (!url.ip_literal) {
    const auto host = lowered(url.host);
    return host == "localhost" || host.ends_with(".localhost");
  }
  boost::system::error_code error;
  const auto address = ip::make_address(url.host, error);
  if (error) return false;
  return address.is_loopback() || (address.is_v6() && address.to_v6().is_v4_mapped() &&
                                   ip::make_address_v4(ip::v4_mapped, address.to_v6()).is_loopback());
}

bool network_holds(const std::string& network, const std::string& host) {
  boost::system::error_code error;
  const auto address = ip::make_address(host, error);
  if (error) return false;
  if (address.is_v4()) {
    const auto range = ip::make_network_v4(network, error);
    return !error && ip::network_v4{address.to_v4(), range.prefix_length()}.canonical() == range.canonical();
  }
  const auto range = ip::make_network_v6(network, error);
  return !error && ip::network_v6{address.to_v6(), range.prefix_length()}.canonical() == range.canonical();
}

bool same_address(const std::string& one, const std::string& other) {
  boost::system::error_code first, second;
  const auto a = ip::make_address(one, first);
  const auto b = ip::make_address(other, second);
  return !first && !second && a == b;
}

// One entry of the list, lower case.
bool entry_names(std::string entry, const Url& url) {
  if (entry == "*") return true;
  const auto host = lowered(url.host);
  if (entry.find('/') != std::string::npos) return url.ip_literal && network_holds(entry, host);
  if (same_address(entry, host)) return true;
  std::string port;
  if (entry.starts_with('[')) {
    const auto end = std::min(entry.find(']'), entry.size() - 1);
    port = entry.substr(end + 1);
    entry = entry.substr(1, end - 1);
  } else if (std::ranges::count(entry, ':') == 1) {
    port = entry.substr(entry.find(':'));
    entry.resize(entry.find(':'));
  }
  if (!port.empty() && port != ":" + std::to_string(url.port)) return false;
  if (url.ip_literal) return same_address(entry, host);
  entry.erase(0, entry.starts_with("*.") ? 2 : entry.starts_with('.') ? 1 : 0);
  return !entry.empty() && (host == entry || host.ends_with("." + entry));
}

struct FoundVariable {
  const char* name;
  std::string_view value;
};
// The first that is set and not empty.
std::optional<FoundVariable> find_variable(const Environment& environment, std::array<const char*, 2> names) {
  for (const auto* name : names) {
    const char* const value = environment(name);
    if (value != nullptr && *value != '\0') return FoundVariable{name, value};
  }
  return std::nullopt;
}

}  // namespace

std::string Proxy::authority() const {
  return (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + std::to_string(port);
}

std::string Proxy::address() const {
  std::string text = "http://";
  if (!user.empty()) text += escaped(user) + (password.empty() ? "" : ":" + escaped(password)) + "@";
  return text + authority();
}

std::string Proxy::authorization() const {
  if (user.empty()) return {};
  std::string text = "Basic ";
  append_base64(text, user + ":" + password);
  return text;
}

std::vector<std::string> Proxy::secrets() const {
  std::vector<std::string> all;
  if (password.empty()) return all;
  all = {password, authorization().substr(6)};
  if (auto text = escaped(password); text != password) all.push_back(std::move(text));
  return all;
}

namespace {

// What may be shown of an address that cannot be read: nothing that could be a user or a password.
std::string_view behind_user(std::string_view text) {
  const auto at = text.rfind('@');
  return at == std::string_view::npos ? "(not shown)" : text.substr(at + 1);
}

}  // namespace

Result<Proxy> parse_proxy(std::string_view text) {
  std::string_view rest = text;
  if (const auto scheme = rest.find("://"); scheme != std::string_view::npos) {
    if (lowered(rest.substr(0, scheme)) != "http")
      return bad(behind_user(text), "only http:// proxies are spoken to; a wss connection stays encrypted through one");
    rest.remove_prefix(scheme + 3);
  }
  if (rest.ends_with('/')) rest.remove_suffix(1);
  Proxy proxy;
  if (const auto at = rest.rfind('@'); at != std::string_view::npos) {
    if (!read_user(rest.substr(0, at), proxy))
      return bad(behind_user(text), "user and password must stand as user:password, other signs as %XX");
    rest.remove_prefix(at + 1);
  }
  // The address as any other; what is wrong with it is told without the scheme that was put there.
  const auto url = parse_url("ws://" + std::string{rest});
  const bool has_port = rest.rfind(':') != std::string_view::npos && !rest.ends_with(']');
  if (!url || !has_port || url->target != "/") return bad(behind_user(text), "wanted http://host:port");
  proxy.host = url->host;
  proxy.ip_literal = url->ip_literal;
  proxy.port = url->port;
  return proxy;
}

bool listed_in_no_proxy(std::string_view list, const Url& url) {
  constexpr std::string_view kBetween = ", \t";
  for (std::size_t from = 0; from < list.size();) {
    const auto end = std::min(list.find_first_of(kBetween, from), list.size());
    if (end > from && entry_names(lowered(list.substr(from, end - from)), url)) return true;
    from = end + 1;
  }
  return false;
}

Result<std::optional<Proxy>> choose_proxy(std::string_view setting, const Url& url, const Environment& environment) {
  if (setting == "none") return std::optional<Proxy>{};
  if (!setting.empty()) {
    auto proxy = parse_proxy(setting);
    if (!proxy) return proxy.error();
    return std::optional{std::move(*proxy)};
  }
  const auto found = find_variable(
      environment, url.secure ? std::array{"https_proxy", "HTTPS_PROXY"} : std::array{"http_proxy", "HTTP_PROXY"});
  if (!found || is_this_machine(url)) return std::optional<Proxy>{};
  const auto except = find_variable(environment, {"no_proxy", "NO_PROXY"});
  if (except && listed_in_no_proxy(except->value, url)) return std::optional<Proxy>{};
  auto proxy = parse_proxy(found->value);
  if (!proxy) return Error{"the environment's " + std::string{found->name} + ": " + proxy.error().message};
  return std::optional{std::move(*proxy)};
}

Result<std::optional<Proxy>> choose_proxy(std::string_view setting, std::string_view address,
                                          const Environment& environment) {
  constexpr std::string_view kHttp = "http";
  const bool is_http = lowered(address.substr(0, kHttp.size())) == kHttp;
  const auto url = parse_url(is_http ? "ws" + std::string{address.substr(kHttp.size())} : std::string{address});
  if (!url) return Error{"\"" + clean_text(redact_url(address)) + "\" is no address that a feed may have"};
  return choose_proxy(setting, *url, environment);
}

}  // namespace yagura::net

#include "console/access.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <algorithm>

namespace yagura::console {
namespace {

constexpr std::string_view kCookieName = "yagura_session";

std::string lower(std::string_view text) {
  std::string out{text};
  for (auto& c : out) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return out;
}

// Without port and brackets, in lower case; empty when the port is none. Two Host headers arrive
// as "a:1, b:1", which has none.
std::string name_of(std::string_view host) {
  const bool bracketed = host.starts_with('[');
  const auto name_end = bracketed ? host.find(']') : host.find(':');
  const auto name = host.substr(0, name_end).substr(bracketed ? 1 : 0);
  auto port = name_end == std::string_view::npos ? std::string_view{} : host.substr(name_end);
  if (bracketed && !port.empty()) port.remove_prefix(1);  // the bracket
  if (!port.empty() && port.front() != ':') return {};
  if (port.find_first_not_of(":0123456789") != std::string_view::npos) return {};
  return lower(name);
}

bool is_ip_literal(const std::string& name) {
  std::array<unsigned char, 16> address;
  return ::inet_pton(AF_INET, name.c_str(), address.data()) == 1 ||
         ::inet_pton(AF_INET6, name.c_str(), address.data()) == 1;
}

bool is_loopback_name(const std::string& name) {
  return name == "localhost" || name == "::1" || (name.starts_with("127.") && is_ip_literal(name));
}

std::string_view cookie_value(std::string_view cookies, std::string_view name) {
  while (!cookies.empty()) {
    auto one = cookies.substr(0, cookies.find(';'));
    cookies.remove_prefix(std::min(cookies.size(), one.size() + 1));
    while (one.starts_with(' ')) one.remove_prefix(1);
    if (one.starts_with(name) && one.substr(name.size()).starts_with('=')) return one.substr(name.size() + 1);
  }
  return {};
}

}  // namespace

Result<void> check_exposure(const AccessOptions& options) {
  if (is_loopback_host(options.listen)) return {};
  if (options.token.empty()) {
    return Error{
        fmt::format("console: {} is reachable from outside, which needs a token: set token_env or token_file "
                    "under [console], or listen on 127.0.0.1",
                    options.listen)};
  }
  if (!options.insecure) {
    return Error{
        fmt::format("console: {} is reachable from outside and the console has no TLS of its own: set "
                    "insecure = true under [console] behind a proxy that has, or listen on 127.0.0.1",
                    options.listen)};
  }
  return {};
}

std::string host_of(std::string_view public_url) {
  constexpr std::string_view kHostCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.:[]";
  const bool tls = public_url.starts_with("https://");
  if (!tls && !public_url.starts_with("http://")) return {};
  const auto host = public_url.substr(public_url.find("//") + 2);
  if (host.find_first_not_of(kHostCharacters) != std::string_view::npos) return {};
  const auto name = name_of(host);
  return tls || is_loopback_name(name) ? name : std::string{};
}

bool is_loopback_host(std::string_view host) { return is_loopback_name(name_of(host)); }

bool host_allowed(std::string_view host, const AccessOptions& options) {
  const auto name = name_of(host);
  if (is_loopback_name(name)) return true;
  const auto same = [&](const std::string& known) { return lower(known) == name; };
  if (std::any_of(options.hosts.begin(), options.hosts.end(), same)) return true;
  if (!options.public_url.empty() && host_of(options.public_url) == name) return true;
  return !is_loopback_host(options.listen) && is_ip_literal(name);
}

bool origin_allowed(std::string_view origin, std::string_view host, bool loopback_or_token) {
  if (origin.empty()) return loopback_or_token;
  const auto given = lower(origin);
  return given == "http://" + lower(host) || given == "https://" + lower(host);
}

std::string_view name_of(Role role) {
  constexpr std::string_view kNames[] = {"none", "read", "operate"};
  return kNames[static_cast<std::size_t>(role)];
}

bool link_origin_allowed(std::string_view origin, std::string_view host, const AccessOptions& options) {
  return origin == "null" || origin_allowed(origin, host, true) || lower(origin) == lower(options.public_url);
}

TokenCheck::TokenCheck(std::string_view token, std::string_view read_token) : required_(!token.empty()) {
  if (!token.empty()) keys_.push_back(key_of(Role::kOperate, token));
  if (!token.empty() && !read_token.empty()) keys_.push_back(key_of(Role::kRead, read_token));
}

TokenCheck::Key TokenCheck::key_of(Role role, std::string_view token) {
  Key key{role, digest_of(token), {}, {}};
  for (const auto byte : digest_of("yagura console session " + std::string{token}))
    key.cookie += fmt::format("{:02x}", byte);
  key.cookie_digest = digest_of(key.cookie);
  return key;
}

TokenCheck::Digest TokenCheck::digest_of(std::string_view text) {
  Digest digest;
  ::SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return digest;
}

// Every key is looked at, whichever it is.
Role TokenCheck::role_of(const Digest& digest, Digest Key::*field) const {
  auto role = Role::kNone;
  for (const auto& key : keys_) {
    const bool same = ::CRYPTO_memcmp((key.*field).data(), digest.data(), digest.size()) == 0;
    role = std::max(role, same ? key.role : Role::kNone);
  }
  return role;
}

Role TokenCheck::role_of(std::string_view presented) const { return role_of(digest_of(presented), &Key::token); }

Role TokenCheck::role_of(const net::HttpRequest& request) const {
  if (!required_) return Role::kOperate;
  constexpr std::string_view kBearer = "bearer ";
  const auto authorization = request.header("Authorization");
  if (lower(authorization.substr(0, kBearer.size())) == kBearer) return role_of(authorization.substr(kBearer.size()));
  const auto cookie = cookie_value(request.header("Cookie"), kCookieName);
  return cookie.empty() ? Role::kNone : role_of(digest_of(cookie), &Key::cookie_digest);
}

std::string TokenCheck::set_cookie(Role role) const {
  const auto key = std::ranges::find(keys_, role, &Key::role);
  if (key == keys_.end()) return {};
  return fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict", kCookieName, key->cookie);
}

Verdict judge(const net::HttpRequest& request, const AccessOptions& options, const TokenCheck& token) {
  const auto host = request.header("Host");
  if (!host_allowed(host, options)) return Verdict::kBadHost;
  const bool authorized = token.role_of(request) != Role::kNone;
  const bool tool_allowed = request.loopback || (token.required() && authorized);
  // Without a token yet, off loopback: asked for it below, not told about origins.
  const bool asked_for_token = request.header("Origin").empty() && !authorized;
  if (!asked_for_token && !origin_allowed(request.header("Origin"), host, tool_allowed)) return Verdict::kBadOrigin;
  return authorized ? Verdict::kAllowed : Verdict::kNeedsToken;
}

}  // namespace yagura::console

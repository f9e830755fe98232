#include "feeds/vendors/keyed.hpp"

#include <algorithm>

namespace yagura::feeds {
namespace {

constexpr char kHex[] = "0123456789ABCDEF";

constexpr bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
         c == '.' || c == '~';
}

std::string percent_encode(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    if (is_unreserved(c)) {
      encoded += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      encoded.append({'%', kHex[byte >> 4], kHex[byte & 15]});
    }
  }
  return encoded;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string percent_decode(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape =
        text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0;
    decoded += escape ? static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2])) : text[i];
    if (escape) i += 2;
  }
  return decoded;
}

// What follows "name=" in the query, up to the next parameter.
std::optional<std::string_view> find_parameter(std::string_view target, std::string_view name) {
  const auto query = target.find('?');
  if (query == std::string_view::npos) return std::nullopt;
  auto rest = target.substr(query + 1);
  while (!rest.empty()) {
    const auto end = std::min(rest.find('&'), rest.size());
    const auto pair = rest.substr(0, end);
    if (const auto equals = pair.find('='); pair.substr(0, equals) == name)
      return equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return std::nullopt;
}

}  // namespace

void UrlKeyCodec::handshake(Handshake& handshake) const {
  auto& target = handshake.target;
  if (key_.empty()) return;
  if (const auto given = find_parameter(target, name_); given && given->data() != nullptr) {
    if (given->empty())  // "?token=", as the vendors print their addresses
      target.insert(static_cast<std::size_t>(given->data() - target.data()), percent_encode(key_));
    return;
  }
  const auto query = target.find('?');
  if (query == std::string::npos)
    target += '?';
  else if (query + 1 != target.size() && target.back() != '&')
    target += '&';
  target.append(name_).append("=").append(percent_encode(key_));
}

std::vector<std::string> UrlKeyCodec::session_secrets() const {
  auto encoded = percent_encode(key_);
  if (encoded == key_) return {};
  return {std::move(encoded)};
}

bool speaks_of_key(std::string_view text) {
  std::string lower{clip(text)};
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  const auto holds = [&](const char* word) { return lower.find(word) != std::string::npos; };
  return holds("key") || holds("token") || holds("authori") || holds("authenti");
}

std::string query_parameter(std::string_view target, std::string_view name) {
  return percent_decode(find_parameter(target, name).value_or(std::string_view{}));
}

bool is_right_key(const VendorServerShared& shared, std::string_view key) {
  return shared.key.empty() ? !key.empty() : key == shared.key;
}

CountedConnection::~CountedConnection() { leave(who_); }

void CountedConnection::enter(std::string counted_under) {
  counted_under_ = std::move(counted_under);
  shared_.connections.push_back({who_, counted_under_});
}

void CountedConnection::keep_newest(std::size_t most, const ServerReply& last_words) {
  const auto alike = counted_alike();
  for (std::size_t i = 0; i + most < alike.size(); ++i) evict(alike[i], last_words);
}

bool CountedConnection::end_all(const ServerReply& last_words) {
  const auto alike = counted_alike();
  if (alike.size() < 2) return false;
  for (const auto* who : alike) {
    if (who != who_) evict(who, last_words);
  }
  leave(who_);
  return true;
}

std::vector<const VendorServer*> CountedConnection::counted_alike() const {
  std::vector<const VendorServer*> alike;
  for (const auto& connection : shared_.connections) {
    if (connection.counted_under == counted_under_) alike.push_back(connection.who);
  }
  return alike;
}

void CountedConnection::leave(const VendorServer* who) {
  std::erase_if(shared_.connections, [&](const auto& connection) { return connection.who == who; });
}

void CountedConnection::evict(const VendorServer* who, const ServerReply& last_words) {
  leave(who);
  shared_.evictions.push_back({who, last_words});
}

}  // namespace yagura::feeds

#include "alerts/ack_links.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "alerts/delivery_table.hpp"

namespace yagura::alerts {
namespace {

// id, seconds since 1970 until it expires, nonce, HMAC-SHA256 of all before: 66 bytes, whole groups of
// base64.
constexpr std::size_t kIdBytes = 16;
constexpr std::size_t kExpiryBytes = 6;
constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kClaimBytes = kIdBytes + kExpiryBytes + kNonceBytes;
constexpr std::size_t kSignatureBytes = 32;
static_assert((kClaimBytes + kSignatureBytes) % 3 == 0);
static_assert((kClaimBytes + kSignatureBytes) / 3 * 4 == AckLinks::kTokenLength);

const unsigned char* octets(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* octets(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

std::string to_base64url(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  ::EVP_EncodeBlock(octets(text), octets(bytes), static_cast<int>(bytes.size()));
  text.pop_back();
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  return text;
}

std::optional<std::string> from_base64url(std::string_view token) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  if (token.size() != AckLinks::kTokenLength || token.find_first_not_of(kAlphabet) != std::string_view::npos)
    return std::nullopt;
  std::string text{token};
  std::ranges::replace(text, '-', '+');
  std::ranges::replace(text, '_', '/');
  std::string bytes(text.size() / 4 * 3, '\0');
  const int size = ::EVP_DecodeBlock(octets(bytes), octets(text), static_cast<int>(text.size()));
  if (size != static_cast<int>(kClaimBytes + kSignatureBytes)) return std::nullopt;
  return bytes;
}

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return text;
}

StateError bad_key(const std::filesystem::path& file, std::string_view why) {
  return {StateError::Kind::kBadData,
          fmt::format("{}: {}; remove it to have a new one made, links sent before then no longer work", file.string(),
                      why)};
}

Result<std::string, StateError> stored_key(const std::filesystem::path& file) {
  struct ::stat info {};
  if (::stat(file.c_str(), &info) == 0 && (info.st_mode & 077) != 0)
    return bad_key(file, "is open to others; it must have mode 0600");
  std::ifstream in{file, std::ios::binary};
  std::string key{std::istreambuf_iterator<char>{in}, {}};
  if (!in || key.size() != 32) return bad_key(file, "is no key");
  return key;
}

Result<std::string, StateError> new_key(const std::filesystem::path& file) {
  std::string key(32, '\0');
  if (::RAND_bytes(octets(key), static_cast<int>(key.size())) != 1)
    return StateError{StateError::Kind::kIo, file.string() + ": the system gives no random numbers"};
  if (const auto stored = replace_file(file, key); !stored) return stored.error();
  return key;
}

}  // namespace

Result<AckLinks, StateError> AckLinks::open(const StateDir& dir, std::string public_url, const Clock& clock) {
  const auto file = dir.path() / "ack.key";
  const auto key = std::filesystem::exists(file) ? stored_key(file) : new_key(file);
  if (!key) return key.error();
  Key bytes{};
  std::copy(key->begin(), key->end(), bytes.begin());
  return AckLinks{std::move(public_url), clock, bytes};
}

std::string AckLinks::signature(std::string_view claim) const {
  std::string digest(kSignatureBytes, '\0');
  unsigned size = 0;
  ::HMAC(::EVP_sha256(), key_.data(), static_cast<int>(key_.size()), octets(claim), claim.size(), octets(digest),
         &size);
  return digest;
}

std::string AckLinks::token(Id128 alert) const {
  std::string claim = bytes_of(alert);
  const auto expires = std::chrono::duration_cast<std::chrono::seconds>((clock_->now() + kGoodFor).time_since_epoch());
  for (std::size_t i = 0; i < kExpiryBytes; ++i)
    claim += static_cast<char>(static_cast<std::uint64_t>(expires.count()) >> (8 * (kExpiryBytes - 1 - i)));
  std::string nonce(kNonceBytes, '\0');
  if (::RAND_bytes(octets(nonce), static_cast<int>(nonce.size())) != 1) return {};
  claim += nonce;
  return to_base64url(claim + signature(claim));
}

std::optional<AckClaim> AckLinks::read(std::string_view token) const {
  const auto bytes = from_base64url(token);
  if (!bytes) return std::nullopt;
  const std::string_view claim = std::string_view{*bytes}.substr(0, kClaimBytes);
  if (::CRYPTO_memcmp(bytes->data() + kClaimBytes, signature(claim).data(), kSignatureBytes) != 0) return std::nullopt;
  std::int64_t seconds = 0;
  for (const char c : claim.substr(kIdBytes, kExpiryBytes)) seconds = seconds << 8 | static_cast<unsigned char>(c);
  constexpr std::int64_t kLastSecond = 9'000'000'000;  // within a Timestamp
  return AckClaim{id_of(claim.substr(0, kIdBytes)), Timestamp{std::chrono::seconds{std::min(seconds, kLastSecond)}},
                  hex(claim.substr(kIdBytes + kExpiryBytes))};
}

}  // namespace yagura::alerts

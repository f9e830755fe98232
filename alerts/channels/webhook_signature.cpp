#include "alerts/channels/webhook_signature.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "core/net/base64.hpp"

namespace yagura::alerts {

Result<std::string> webhook_key(std::string_view secret) {
  constexpr std::string_view kPrefix = "whsec_";
  if (!secret.starts_with(kPrefix)) return std::string{secret};
  std::string key;
  if (!net::decode_base64(secret.substr(kPrefix.size()), key) || key.empty())
    return Error{"what follows whsec_ must be base64"};
  return key;
}

std::string webhook_signature(std::string_view key, std::string_view id, std::int64_t seconds, std::string_view body) {
  std::string content{id};
  content.append(".").append(std::to_string(seconds)).append(".").append(body);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(content.data()),
       content.size(), digest.data(), &size);
  std::string signature = "v1,";
  net::append_base64(signature, {reinterpret_cast<const char*>(digest.data()), size});
  return signature;
}

}  // namespace yagura::alerts

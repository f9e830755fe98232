#include "core/net/curl_setup.hpp"

#include <openssl/ssl.h>

#include <algorithm>
#include <chrono>

namespace yagura::net {
namespace {

// The authorities that a WebSocket would trust, read once rather than for each connection (16 ms).
CURLcode trust_system(CURL*, void* ssl_context, void* store) noexcept {
  if (store == nullptr) return CURLE_SSL_CACERT_BADFILE;
  SSL_CTX_set1_cert_store(static_cast<SSL_CTX*>(ssl_context), static_cast<X509_STORE*>(store));
  return CURLE_OK;
}

}  // namespace

void CurlHeaders::add(const std::string& line) {
  if (auto* const longer = curl_slist_append(list_.get(), line.c_str())) {
    (void)list_.release();
    list_.reset(longer);
  }
}

bool curl_is_ready() {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  return ready == CURLE_OK;
}

void set_way(CURL* easy, const Url& url, const std::optional<Proxy>& proxy, Duration timeout) {
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt(easy, CURLOPT_DNS_CACHE_TIMEOUT, 0L);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "yagura/" YAGURA_VERSION);
  curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(easy, CURLOPT_URL, (url.origin() + url.target).c_str());
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS,
                   static_cast<long>(std::chrono::ceil<std::chrono::milliseconds>(timeout).count()));
  // Chosen already, environment and all: an empty text keeps libcurl from choosing again.
  curl_easy_setopt(easy, CURLOPT_PROXY, proxy ? proxy->address().c_str() : "");
  curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
}

void set_trust(CURL* easy, const std::string& ca_file, X509_STORE* system_trust) {
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);  // would be trusted besides the file
  if (!ca_file.empty()) {
    curl_easy_setopt(easy, CURLOPT_CAINFO, ca_file.c_str());
    return;
  }
  curl_easy_setopt(easy, CURLOPT_CAINFO, nullptr);
  curl_easy_setopt(easy, CURLOPT_CA_CACHE_TIMEOUT, 0L);  // it would keep our store for others
  curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, &trust_system);
  curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, static_cast<void*>(system_trust));
}

void set_method(CURL* easy, const std::string& method, const std::string& body, bool has_content_type,
                CurlHeaders& headers) {
  if (method == "GET" && body.empty()) return;
  curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body.data());
  curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method.c_str());
  if (!has_content_type) headers.add(body.empty() ? "Content-Type:" : "Content-Type: application/json");
  headers.add("Expect:");
}

bool fits_header(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

std::pair<std::string_view, std::string_view> split_header(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return {line, {}};
  auto value = line.substr(colon + 1);
  const auto first = std::min(value.find_first_not_of(" \t"), value.size());
  value = value.substr(first, value.find_last_not_of(" \t") + 1 - first);
  return {line.substr(0, colon), value};
}

}  // namespace yagura::net

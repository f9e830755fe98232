#include "feeds/curl_transfer.hpp"

#include <openssl/ssl.h>

#include <algorithm>
#include <boost/asio/ssl/context.hpp>
#include <new>
#include <system_error>
#include <utility>

namespace yagura::feeds {
namespace {

std::string milliseconds_text(Duration limit) {
  return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(limit).count()) + " ms";
}

CloseInfo::Kind kind_of(CURLcode code) {
  using Kind = CloseInfo::Kind;
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY: return Kind::kDns;
    case CURLE_COULDNT_CONNECT:
    case CURLE_PROXY: return Kind::kRefused;
    case CURLE_OPERATION_TIMEDOUT: return Kind::kTimeout;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_CLIENTCERT: return Kind::kTls;
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR: return Kind::kReset;
    default: return Kind::kProtocol;
  }
}

}  // namespace

CurlTransfer::CurlTransfer() : easy_(curl_easy_init()) {
  if (!easy_) throw std::bad_alloc{};
}
CurlTransfer::~CurlTransfer() = default;

Result<void> CurlTransfer::prepare(Request request) {
  request_ = std::move(request);
  CURL* const easy = easy_.get();
  curl_easy_setopt(easy, CURLOPT_PRIVATE, static_cast<void*>(this));
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, problem_.data());
  net::set_way(easy, request_.url, request_.proxy, request_.timeout);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &CurlTransfer::header_arrived);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, static_cast<void*>(this));
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &CurlTransfer::body_arrived);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, static_cast<void*>(this));
  net::set_trust(easy, request_.ca_file,
                 request_.system_trust ? SSL_CTX_get_cert_store(request_.system_trust->native_handle()) : nullptr);
  net::set_method(easy, request_.method, request_.body, !find_header(request_.headers, "Content-Type").empty(),
                  headers_);
  for (const auto& [name, value] : request_.headers) {
    if (!net::fits_header(name) || !net::fits_header(value))
      return Error{authority() + ": a header holds a line break or another control character"};
    headers_.add(name + ": " + value);
  }
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers_.get());
  return {};
}

std::size_t CurlTransfer::header_arrived(char* data, std::size_t size, std::size_t count, void* self) noexcept {
  std::string_view line{data, size * count};
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
  return static_cast<CurlTransfer*>(self)->on_header(line) ? size * count : 0;
}

std::size_t CurlTransfer::body_arrived(char* data, std::size_t size, std::size_t count, void* self) noexcept {
  return static_cast<CurlTransfer*>(self)->on_body({data, size * count}) ? size * count : 0;
}

int CurlTransfer::status() const {
  long status = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  return static_cast<int>(status);
}

// Whom the connection is made to.
std::string CurlTransfer::hop() const { return request_.proxy ? "proxy " + request_.proxy->authority() : authority(); }

CloseInfo CurlTransfer::failure(CURLcode code) const {
  long from_proxy = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_HTTP_CONNECTCODE, &from_proxy);
  if (code != CURLE_OK && from_proxy >= 300) {
    return {CloseInfo::Kind::kProxy, static_cast<std::uint16_t>(from_proxy),
            from_proxy == 407 ? std::optional{kAfterRefusedUser} : std::nullopt,
            hop() + " said HTTP " + std::to_string(from_proxy) + " on the way to " + authority()};
  }
  if (code == CURLE_OPERATION_TIMEDOUT) return timed_out(request_.timeout);
  long system_error = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_OS_ERRNO, &system_error);
  if (code == CURLE_COULDNT_CONNECT && system_error != 0) {
    const auto why = std::system_category().message(static_cast<int>(system_error));
    return {request_.proxy ? CloseInfo::Kind::kProxy : CloseInfo::Kind::kRefused, 0, {}, hop() + ": " + why};
  }
  const std::string_view said{problem_.data()};
  return {kind_of(code), 0, {}, authority() + ": " + (said.empty() ? curl_easy_strerror(code) : std::string{said})};
}

CloseInfo CurlTransfer::timed_out(Duration limit) const {
  const auto within = " within " + milliseconds_text(limit);
  curl_off_t connected_us = 0, looked_up_us = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_NAMELOOKUP_TIME_T, &looked_up_us);
  curl_easy_getinfo(easy_.get(), CURLINFO_CONNECT_TIME_T, &connected_us);
  if (looked_up_us == 0 && !request_.url.ip_literal)
    return {CloseInfo::Kind::kDns, 0, {}, hop() + ": name not resolved" + within};
  return {CloseInfo::Kind::kTimeout, 0, {}, hop() + (connected_us == 0 ? ": no connection" : ": no answer") + within};
}

}  // namespace yagura::feeds

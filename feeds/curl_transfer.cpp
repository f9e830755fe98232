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

// A line break in a header would begin another one.
bool is_one_line(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
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
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);  // a look-up that hangs is left to itself, not waited for
  curl_easy_setopt(easy, CURLOPT_DNS_CACHE_TIMEOUT, 0L);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "yagura");
  curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(easy, CURLOPT_URL, (request_.url.origin() + request_.url.target).c_str());
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS,
                   static_cast<long>(std::chrono::ceil<std::chrono::milliseconds>(request_.timeout).count()));
  // Chosen already, environment and all: an empty text keeps libcurl from choosing again.
  curl_easy_setopt(easy, CURLOPT_PROXY, request_.proxy ? request_.proxy->address().c_str() : "");
  curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &CurlTransfer::header_arrived);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, static_cast<void*>(this));
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &CurlTransfer::body_arrived);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, static_cast<void*>(this));
  set_security();
  set_method();
  for (const auto& [name, value] : request_.headers) {
    if (!is_one_line(name) || !is_one_line(value)) return Error{authority() + ": a header holds a line break"};
    add_header(name + ": " + value);
  }
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers_.get());
  return {};
}

void CurlTransfer::set_security() {
  CURL* const easy = easy_.get();
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);  // would be trusted besides the file
  if (!request_.ca_file.empty()) {
    // By its name: libcurl reuses a connection only for requests that trust the same file.
    curl_easy_setopt(easy, CURLOPT_CAINFO, request_.ca_file.c_str());
    return;
  }
  curl_easy_setopt(easy, CURLOPT_CAINFO, nullptr);
  curl_easy_setopt(easy, CURLOPT_CA_CACHE_TIMEOUT, 0L);  // it would keep our store for others
  curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, &CurlTransfer::trust_system);
  curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, static_cast<void*>(this));
}

// The authorities that a WebSocket would trust, read once rather than for each connection (16 ms).
CURLcode CurlTransfer::trust_system(CURL*, void* ssl_context, void* self) noexcept {
  const auto& system = static_cast<CurlTransfer*>(self)->request_.system_trust;
  if (!system) return CURLE_SSL_CACERT_BADFILE;
  SSL_CTX_set1_cert_store(static_cast<SSL_CTX*>(ssl_context), SSL_CTX_get_cert_store(system->native_handle()));
  return CURLE_OK;
}

void CurlTransfer::set_method() {
  CURL* const easy = easy_.get();
  if (request_.method == "GET" && request_.body.empty()) return;
  curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, static_cast<long>(request_.body.size()));
  curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request_.body.data());  // not copied; request_ stays
  curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
  if (find_header(request_.headers, "Content-Type").empty())
    add_header(request_.body.empty() ? "Content-Type:" : "Content-Type: application/json");
  add_header("Expect:");
}

void CurlTransfer::add_header(const std::string& line) {
  if (auto* const longer = curl_slist_append(headers_.get(), line.c_str())) {
    (void)headers_.release();
    headers_.reset(longer);
  }
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

std::pair<std::string_view, std::string_view> split_header(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return {line, {}};
  auto value = line.substr(colon + 1);
  const auto first = std::min(value.find_first_not_of(" \t"), value.size());
  value = value.substr(first, value.find_last_not_of(" \t") + 1 - first);
  return {line.substr(0, colon), value};
}

}  // namespace yagura::feeds

#include "core/net/curl_request.hpp"

#include <openssl/x509_vfy.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <new>
#include <system_error>

#include "core/net/clean_text.hpp"
#include "core/net/curl_setup.hpp"
#include "core/net/forbidden_address.hpp"
#include "core/net/retry_after.hpp"
#include "core/net/status_text.hpp"

namespace yagura::net {
namespace {

constexpr std::size_t kMaxHead = std::size_t{64} << 10;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

bool matters(std::string_view name) {
  constexpr std::string_view kLimits = "x-ratelimit-";
  return same_name(name, "Retry-After") || same_name(name, "Date") ||
         same_name(name.substr(0, kLimits.size()), kLimits);
}

std::string milliseconds_text(Duration limit) {
  return std::to_string(std::chrono::ceil<std::chrono::milliseconds>(limit).count()) + " ms";
}

struct FreeEasy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct FreeMulti {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};
struct FreeStore {
  void operator()(X509_STORE* store) const { X509_STORE_free(store); }
};

}  // namespace

class HttpClient::Transfer {
 public:
  explicit Transfer(Options options) : options_(std::move(options)) {
    if (!curl_is_ready()) throw std::bad_alloc{};
    multi_.reset(curl_multi_init());
    easy_.reset(curl_easy_init());
    if (!multi_ || !easy_) throw std::bad_alloc{};
    if (!options_.ca_file.empty()) return;
    system_trust_.reset(X509_STORE_new());
    if (system_trust_) X509_STORE_set_default_paths(system_trust_.get());
  }

  Result<Answer> send(const Request& request, const std::stop_token& stop);

 private:
  [[nodiscard]] Result<void> prepare(const Request& request);
  CURLcode perform(const std::stop_token& stop);
  [[nodiscard]] std::string failure(CURLcode code) const;
  [[nodiscard]] std::string timed_out() const;
  void on_header(std::string_view line);
  void finish_answer();

  static std::size_t header_arrived(char* data, std::size_t size, std::size_t count, void* self) noexcept;
  static std::size_t body_arrived(char* data, std::size_t size, std::size_t count, void* self) noexcept;
  static curl_socket_t open_socket(void* self, curlsocktype purpose, curl_sockaddr* address) noexcept;

  Options options_;
  std::unique_ptr<X509_STORE, FreeStore> system_trust_;
  std::unique_ptr<CURLM, FreeMulti> multi_;  // keeps the connection
  std::unique_ptr<CURL, FreeEasy> easy_;

  // Of the current request.
  Url url_;
  CurlHeaders headers_;
  std::array<char, CURL_ERROR_SIZE> problem_{};
  std::string forbidden_;  // the last address that was refused
  Answer answer_;
  std::size_t head_size_ = 0;
  bool head_complete_ = false;
};

Result<HttpClient::Answer> HttpClient::Transfer::send(const Request& request, const std::stop_token& stop) {
  if (auto prepared = prepare(request); !prepared) return prepared.error();
  const auto code = perform(stop);
  if (!head_complete_) return Error{clean_text(failure(code), 300)};
  finish_answer();
  return std::move(answer_);
}

Result<void> HttpClient::Transfer::prepare(const Request& request) {
  url_ = request.url;
  headers_ = {};
  problem_ = {};
  forbidden_.clear();
  answer_ = {};
  head_size_ = 0;
  head_complete_ = false;
  // A proxy would connect there in our stead.
  if (is_forbidden_host(url_.host)) return Error{url_.authority() + " is a link-local or metadata address"};

  CURL* const easy = easy_.get();
  curl_easy_reset(easy);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, problem_.data());
  set_way(easy, url_, options_.proxy, options_.timeout);
  set_trust(easy, options_.ca_file, system_trust_.get());
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(std::chrono::ceil<std::chrono::milliseconds>(options_.connect_timeout).count()));
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &Transfer::header_arrived);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, static_cast<void*>(this));
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Transfer::body_arrived);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, static_cast<void*>(this));
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &Transfer::open_socket);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, static_cast<void*>(this));

  const bool has_type =
      std::ranges::any_of(request.headers, [](const auto& header) { return same_name(header.first, "Content-Type"); });
  set_method(easy, request.method, request.body, has_type, headers_);
  for (const auto& [name, value] : request.headers) {
    if (!fits_header(name) || !fits_header(value))
      return Error{url_.authority() + ": the header " + clean_text(name) + " holds a control character"};
    headers_.add(name + ": " + value);
  }
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers_.get());
  return {};
}

CURLcode HttpClient::Transfer::perform(const std::stop_token& stop) {
  constexpr int kLongestWaitMs = 1000;  // libcurl says when it wants to be called earlier
  CURLM* const multi = multi_.get();
  if (curl_multi_add_handle(multi, easy_.get()) != CURLM_OK) return CURLE_FAILED_INIT;
  const std::stop_callback wake{stop, [multi] { curl_multi_wakeup(multi); }};
  CURLcode code = CURLE_ABORTED_BY_CALLBACK;
  for (bool done = false; !done && !stop.stop_requested();) {
    int running = 0, waiting = 0;
    if (curl_multi_perform(multi, &running) != CURLM_OK) break;
    while (const auto* const message = curl_multi_info_read(multi, &waiting)) {
      if (message->msg != CURLMSG_DONE) continue;
      code = message->data.result;
      done = true;
    }
    if (!done) curl_multi_poll(multi, nullptr, 0, kLongestWaitMs, nullptr);
  }
  curl_multi_remove_handle(multi, easy_.get());
  return code;
}

std::string HttpClient::Transfer::failure(CURLcode code) const {
  const auto hop = options_.proxy ? "proxy " + options_.proxy->authority() : url_.authority();
  if (code == CURLE_ABORTED_BY_CALLBACK) return url_.authority() + ": stopped before an answer came";
  if (head_size_ > kMaxHead) return url_.authority() + ": answer refused, its headers are over 64 KiB";
  if (code == CURLE_OK) return url_.authority() + ": hung up in the middle of an answer's head";
  long from_proxy = 0, system_error = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_HTTP_CONNECTCODE, &from_proxy);
  if (from_proxy >= 300)
    return hop + " said " + status_text(static_cast<int>(from_proxy)) + " on the way to " + url_.authority();
  if (code == CURLE_OPERATION_TIMEDOUT) return timed_out();
  if (code == CURLE_COULDNT_CONNECT && !forbidden_.empty())
    return hop + ": not connected, " + forbidden_ + " is a link-local or metadata address";
  curl_easy_getinfo(easy_.get(), CURLINFO_OS_ERRNO, &system_error);
  if (code == CURLE_COULDNT_CONNECT && system_error != 0)
    return hop + ": " + std::system_category().message(static_cast<int>(system_error));
  return url_.authority() + ": " + (problem_[0] == '\0' ? curl_easy_strerror(code) : problem_.data());
}

std::string HttpClient::Transfer::timed_out() const {
  const auto hop = options_.proxy ? "proxy " + options_.proxy->authority() : url_.authority();
  const auto within = [](Duration limit) { return " within " + milliseconds_text(limit); };
  curl_off_t looked_up_us = 0, connected_us = 0, secured_us = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_NAMELOOKUP_TIME_T, &looked_up_us);
  curl_easy_getinfo(easy_.get(), CURLINFO_CONNECT_TIME_T, &connected_us);
  curl_easy_getinfo(easy_.get(), CURLINFO_APPCONNECT_TIME_T, &secured_us);
  const auto to_connect = std::min(options_.timeout, options_.connect_timeout);
  if (looked_up_us == 0 && !url_.ip_literal) return hop + ": name not resolved" + within(to_connect);
  if (connected_us == 0) return hop + ": no connection" + within(to_connect);
  if (url_.secure && secured_us == 0) return url_.authority() + ": no TLS connection" + within(to_connect);
  return url_.authority() + ": no answer" + within(options_.timeout);
}

void HttpClient::Transfer::on_header(std::string_view line) {
  if (head_complete_) return;  // trailers
  if (line.starts_with("HTTP/")) {
    answer_ = {};  // what came before was an interim answer
    long status = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    answer_.status = static_cast<int>(status);
  } else if (line.empty()) {
    head_complete_ = answer_.status >= 200;
  } else if (const auto [name, value] = split_header(line); matters(name)) {
    answer_.headers.emplace_back(name, value);
  }
}

void HttpClient::Transfer::finish_answer() {
  const auto now = parse_http_date(answer_.header("Date"));
  answer_.retry_after =
      parse_retry_after(answer_.header("Retry-After"),
                        now.value_or(std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now())));
}

std::size_t HttpClient::Transfer::header_arrived(char* data, std::size_t size, std::size_t count, void* self) noexcept {
  auto& transfer = *static_cast<Transfer*>(self);
  std::string_view line{data, size * count};
  transfer.head_size_ += line.size();
  if (transfer.head_size_ > kMaxHead) return 0;
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
  transfer.on_header(line);
  return size * count;
}

// Once there is enough, the transfer ends, and the connection with it.
std::size_t HttpClient::Transfer::body_arrived(char* data, std::size_t size, std::size_t count, void* self) noexcept {
  auto& transfer = *static_cast<Transfer*>(self);
  auto& body = transfer.answer_.body;
  const auto taken = std::min(size * count, transfer.options_.most_body - body.size());
  body.append(data, taken);
  return taken;
}

curl_socket_t HttpClient::Transfer::open_socket(void* self, curlsocktype, curl_sockaddr* address) noexcept {
  if (auto forbidden = forbidden_address(address->addr)) {
    static_cast<Transfer*>(self)->forbidden_ = std::move(*forbidden);
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

std::string_view HttpClient::Answer::header(std::string_view name) const {
  const auto found = std::ranges::find_if(headers, [&](const auto& header) { return same_name(header.first, name); });
  return found == headers.end() ? std::string_view{} : std::string_view{found->second};
}

HttpClient::HttpClient(Options options) : transfer_(std::make_unique<Transfer>(std::move(options))) {}
HttpClient::~HttpClient() = default;
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;

Result<HttpClient::Answer> HttpClient::send(const Request& request, const std::stop_token& stop) {
  return transfer_->send(request, stop);
}

}  // namespace yagura::net

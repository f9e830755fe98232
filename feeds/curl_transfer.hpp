// One HTTP request through libcurl: how it is set up, whom it trusts, what its end means. Included by
// curl_*.cpp alone.
#pragma once

#include <curl/curl.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "core/net/curl_setup.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "feeds/http_call.hpp"
#include "feeds/tls_trust.hpp"
#include "feeds/transport.hpp"  // CloseInfo
#include "feeds/url.hpp"

namespace yagura::feeds {

class CurlTransfer {
 public:
  struct Request {
    Url url;  // of Carrier::kHttp, with the target
    std::string method = "GET";
    HttpHeaders headers;
    std::string body;
    std::string ca_file;      // PEM; empty: `system_trust`
    TlsContext system_trust;  // then, for https
    std::optional<Proxy> proxy;
    Duration timeout{};  // for all of it; zero: none
  };

  CurlTransfer();
  virtual ~CurlTransfer();
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;

  [[nodiscard]] Result<void> prepare(Request request);
  [[nodiscard]] CURL* handle() const { return easy_.get(); }

  // Last call; libcurl holds the transfer no more, and it may be destroyed from here.
  virtual void on_end(CURLcode code) = 0;

 protected:
  // From inside libcurl; false ends the transfer with an error. Neither may throw.
  virtual bool on_header(std::string_view line) = 0;  // as sent; the empty one ends the head
  virtual bool on_body(std::string_view bytes) = 0;

  // Status of the answer whose head has begun; 0 before.
  [[nodiscard]] int status() const;
  [[nodiscard]] CloseInfo failure(CURLcode code) const;
  [[nodiscard]] CloseInfo timed_out(Duration limit) const;
  [[nodiscard]] std::string authority() const { return request_.url.authority(); }
  [[nodiscard]] std::string hop() const;

 private:
  struct Deleter {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  };
  static std::size_t header_arrived(char* data, std::size_t size, std::size_t count, void* self) noexcept;
  static std::size_t body_arrived(char* data, std::size_t size, std::size_t count, void* self) noexcept;

  Request request_;
  std::unique_ptr<CURL, Deleter> easy_;
  net::CurlHeaders headers_;
  std::array<char, CURL_ERROR_SIZE> problem_{};
};

using net::split_header;

}  // namespace yagura::feeds

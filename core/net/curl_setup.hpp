// What every HTTP request through libcurl has in common: whom it trusts, which way it goes, what it
// may not do. Included by curl_*.cpp alone.
#pragma once

#include <curl/curl.h>
#include <openssl/types.h>  // X509_STORE

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>  // pair

#include "core/net/proxy.hpp"
#include "core/net/url.hpp"
#include "core/time.hpp"

namespace yagura::net {

// libcurl's list of header lines.
class CurlHeaders {
 public:
  void add(const std::string& line);
  [[nodiscard]] curl_slist* get() const { return list_.get(); }

 private:
  struct Deleter {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };
  std::unique_ptr<curl_slist, Deleter> list_;
};

// libcurl itself, once for the process; false when it cannot be had.
[[nodiscard]] bool curl_is_ready();

// HTTP 1.1 to `url`, through `proxy` if there is one: the environment is not asked again. No signals,
// no redirects, no waiting for look-ups that hang, and `timeout` for all of it; zero: none.
void set_way(CURL* easy, const Url& url, const std::optional<Proxy>& proxy, Duration timeout);

// Certificates and the names in them are checked, TLS is 1.2 or later. With a file nothing else is
// trusted; libcurl reuses a connection only for requests that trust the same file. Without one
// `system_trust` decides, which must outlive the handle; null: nobody is trusted.
void set_trust(CURL* easy, const std::string& ca_file, X509_STORE* system_trust);

// The method and its body, which is not copied. A body is JSON unless `has_content_type`.
void set_method(CURL* easy, const std::string& method, const std::string& body, bool has_content_type,
                CurlHeaders& headers);

// No line end or other control character, any of which might begin another header.
[[nodiscard]] bool fits_header(std::string_view text);

// "Name: value" of a header line, without the space around the value.
[[nodiscard]] std::pair<std::string_view, std::string_view> split_header(std::string_view line);

}  // namespace yagura::net

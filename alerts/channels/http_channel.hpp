// What all channels that post over HTTP share: where they post to, and what an answer means.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/channel.hpp"
#include "alerts/sink_options.hpp"
#include "core/net/curl_request.hpp"
#include "core/net/url.hpp"
#include "core/result.hpp"

namespace yagura::alerts {

using HttpAnswer = net::HttpClient::Answer;

class HttpChannel : public Channel {
 public:
  struct Place {
    net::Url url;
    net::HttpClient client;
    std::vector<std::string> secrets;  // what no detail may show, whatever the other side says
  };

  explicit HttpChannel(Place place) : place_(std::move(place)) {}
  [[nodiscard]] Attempt send(const Letter& letter, const std::stop_token& stop) final;

 protected:
  struct Post {
    net::HttpClient::Headers headers;
    std::string body;  // JSON
  };

  [[nodiscard]] virtual Post write(const Letter& letter) const = 0;
  [[nodiscard]] virtual Attempt judge(const HttpAnswer& answer) const;

 private:
  Attempt attempt(const Letter& letter, const std::stop_token& stop);
  Place place_;
};

// Delivered on 2xx; again on 408, 425, 429 and 5xx, after what Retry-After says; gone on 410; refused on
// all other 4xx, and on 3xx: redirects are not followed. With the status and the reason in the body.
[[nodiscard]] Attempt judge_status(const HttpAnswer& answer);

// "400 Bad Request: chat not found": the reason is what services write under description, message,
// error, detail, errors or details, or the first line of a plain text.
[[nodiscard]] std::string describe(const HttpAnswer& answer);

// Of a JSON body; the pointer as in RFC 6901. nullopt when it is not there.
[[nodiscard]] std::optional<double> number_in(std::string_view json, std::string_view pointer);

// Where to post to. Errors are one line and show no secret, and of the address of a hook nothing.
[[nodiscard]] Result<net::Url> hook_url(const Secret& secret, const std::string& plain);
[[nodiscard]] Result<net::Url> api_url(std::string_view key, const std::string& base, const std::string& path);
[[nodiscard]] Result<HttpChannel::Place> open_place(net::Url url, const HttpOptions& options,
                                                    std::vector<std::string> secrets);
// The value, if it can stand in a header or an address: printable ASCII without spaces.
[[nodiscard]] Result<std::string> usable_token(std::string_view key, const Secret& secret);
// What of a hook's address must not be shown: path and query, whole and in parts.
[[nodiscard]] std::vector<std::string> secrets_of(const net::Url& hook);
// Where a secret was read from: "$NAME" or the file.
[[nodiscard]] std::string origin_of(const Secret& secret);

}  // namespace yagura::alerts

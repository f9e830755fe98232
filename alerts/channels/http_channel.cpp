#include "alerts/channels/http_channel.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <exception>

#include "core/net/clean_text.hpp"
#include "core/net/forbidden_address.hpp"
#include "core/net/status_text.hpp"

namespace yagura::alerts {
namespace {

constexpr std::size_t kShownReason = 160;  // bytes

bool is_token(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

std::string text_at(simdjson::dom::element root, std::string_view pointer) {
  std::string_view text;
  return root.at_pointer(pointer).get(text) == simdjson::SUCCESS ? std::string{text} : std::string{};
}

std::string reason_in(const std::string& body) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(simdjson::padded_string{body}).get(root) == simdjson::SUCCESS) {
    std::string reason;
    for (const auto* first : {"/description", "/message", "/error", "/detail"}) {
      if (reason = text_at(root, first); !reason.empty()) break;
    }
    for (const auto* more : {"/errors/0", "/details/0/message"}) {
      if (const auto text = text_at(root, more); !text.empty()) reason += (reason.empty() ? "" : "; ") + text;
    }
    return reason;
  }
  const auto line = std::string_view{body}.substr(0, body.find('\n'));
  return line.starts_with('<') ? std::string{} : std::string{line};  // a page says little in one line
}

Attempt::Result meaning_of(int status) {
  using Result = Attempt::Result;
  if (status >= 200 && status < 300) return Result::kDelivered;
  if (status == 410) return Result::kGone;
  if (status == 408 || status == 425 || status == 429) return Result::kFailed;
  return status >= 300 && status < 500 ? Result::kRefused : Result::kFailed;
}

}  // namespace

Attempt HttpChannel::send(const Letter& letter, const std::stop_token& stop) {
  try {
    return attempt(letter, stop);
  } catch (const std::exception& error) {  // out of memory
    return {Attempt::Result::kFailed, error.what(), {}};
  }
}

Attempt HttpChannel::attempt(const Letter& letter, const std::stop_token& stop) {
  auto [headers, body] = write(letter);
  auto answer = place_.client.send({place_.url, "POST", std::move(headers), std::move(body)}, stop);
  if (!answer) return {Attempt::Result::kFailed, answer.error().message, {}};
  net::redact_secrets(answer->body, place_.secrets);  // first of all: a reason may be cut in the middle of one
  return judge(*answer);
}

Attempt HttpChannel::judge(const HttpAnswer& answer) const { return judge_status(answer); }

Attempt judge_status(const HttpAnswer& answer) {
  Attempt made{meaning_of(answer.status), describe(answer), {}};
  if (made.result == Attempt::Result::kFailed) made.retry_after = answer.retry_after;
  return made;
}

std::string describe(const HttpAnswer& answer) {
  auto text = net::status_text(answer.status);
  if (answer.status < 300) return text;
  if (answer.status < 400) return text + ": redirects are not followed";
  const auto reason = net::clean_text(reason_in(answer.body), kShownReason);
  return reason.empty() ? text : text + ": " + reason;
}

std::optional<double> number_in(std::string_view json, std::string_view pointer) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  double number = 0;
  if (parser.parse(simdjson::padded_string{json}).get(root) != simdjson::SUCCESS) return std::nullopt;
  if (root.at_pointer(pointer).get(number) != simdjson::SUCCESS) return std::nullopt;
  return number;
}

std::vector<std::string> secrets_of(const net::Url& hook) {
  constexpr std::size_t kShortest = 6;  // shorter parts are words such as "api"
  std::vector<std::string> secrets;
  if (hook.target.size() > kShortest) secrets.push_back(hook.target);
  for (std::size_t from = 0; from < hook.target.size();) {
    const auto end = std::min(hook.target.find_first_of("/?&=", from), hook.target.size());
    if (end - from >= kShortest) secrets.push_back(hook.target.substr(from, end - from));
    from = end + 1;
  }
  return secrets;
}

std::string origin_of(const Secret& secret) {
  return secret.source.env.empty() ? secret.source.file : "$" + secret.source.env;
}

Result<net::Url> hook_url(const Secret& secret, const std::string& plain) {
  const bool is_secret = secret.source.given() || !secret.value.empty();
  const auto& text = is_secret ? secret.value : plain;
  const auto where = is_secret && secret.source.given() ? "url from " + origin_of(secret) : std::string{"url"};
  if (text.empty()) return Error{where + ": empty"};
  auto url = net::parse_secret_url(text, net::Carrier::kHttp);
  if (!url) return Error{where + ": " + url.error().message};
  return url;
}

Result<net::Url> api_url(std::string_view key, const std::string& base, const std::string& path) {
  auto url = net::parse_url(base, net::Carrier::kHttp);
  if (!url) return Error{std::string{key} + ": " + url.error().message};
  if (url->target.find('?') != std::string::npos) return Error{std::string{key} + ": ends before the ?"};
  while (url->target.ends_with('/')) url->target.pop_back();
  url->target += path;
  return url;
}

Result<HttpChannel::Place> open_place(net::Url url, const HttpOptions& options, std::vector<std::string> secrets) {
  if (net::is_forbidden_host(url.host)) return Error{url.authority() + ": a link-local or metadata address"};
  auto proxy = net::choose_proxy(options.proxy, url, [](const char* name) { return std::getenv(name); });
  if (!proxy) return proxy.error();
  if (*proxy) std::ranges::copy((*proxy)->secrets(), std::back_inserter(secrets));
  net::HttpClient client{{.ca_file = options.ca_file, .proxy = std::move(*proxy), .timeout = options.timeout}};
  return HttpChannel::Place{std::move(url), std::move(client), std::move(secrets)};
}

Result<std::string> usable_token(std::string_view key, const Secret& secret) {
  const auto where = std::string{key} + (secret.source.given() ? " from " + origin_of(secret) : "");
  if (secret.value.empty()) return Error{where + ": empty"};
  if (!is_token(secret.value)) return Error{where + ": holds a space or a character beyond ASCII"};
  return secret.value;
}

}  // namespace yagura::alerts

#include "console/http_api.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <charconv>

#include "console/assets.hpp"
#include "console/http_responses.hpp"
#include "console/state_json.hpp"
#include "core/json_writer.hpp"

namespace yagura::console {
namespace {

using net::HttpRequest;
using net::HttpResponse;

constexpr std::uint64_t kDefaultLimit = 100;
constexpr std::uint64_t kMaxLimit = 1000;

HttpResponse asset_response(const HttpRequest& request, const Asset& asset) {
  const std::vector<std::pair<std::string, std::string>> headers{{"Content-Type", std::string{asset.content_type}},
                                                                 {"Cache-Control", "no-cache"},
                                                                 {"ETag", std::string{asset.etag}}};
  if (request.header("If-None-Match").find(asset.etag) != std::string_view::npos) return {304, {}, headers};
  return {200, std::string{asset.bytes}, headers};
}

void add_security_headers(HttpResponse& response) {
  response.headers.emplace_back("Content-Security-Policy",
                                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                                "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  response.headers.emplace_back("Referrer-Policy", "no-referrer");
}

// A number of the query string: nothing when absent, an error when it is none or out of range.
Result<std::optional<std::uint64_t>> query_number(std::string_view query, std::string_view name, std::uint64_t low,
                                                  std::uint64_t high) {
  while (!query.empty()) {
    const auto pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    const auto equals = pair.find('=');
    if (pair.substr(0, equals) != name) continue;
    const auto text = equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1);
    std::uint64_t number = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (ec != std::errc{} || end != text.data() + text.size() || number < low || number > high) {
      const auto range =
          high == ~std::uint64_t{0} ? fmt::format("from {}", low) : fmt::format("from {} to {}", low, high);
      return Error{fmt::format("{}: '{:.40}' is not a whole number {}", name, text, range)};
    }
    return std::optional{number};
  }
  return std::optional<std::uint64_t>{};
}

// Only an API path may change something or take a body.
bool is_read(const HttpRequest& request) { return request.method == "GET" || request.method == "HEAD"; }

}  // namespace

HttpApi::HttpApi(const AccessOptions& access, StateSource& source, AlertLog& alerts, const Clock& clock,
                 LevelBook* levels, CorrectionDesk* corrections)
    : access_(access),
      source_(source),
      alerts_(alerts),
      clock_(clock),
      levels_(levels),
      corrections_(corrections),
      token_(access.token) {}

HttpResponse HttpApi::handle(const HttpRequest& request) {
  const auto verdict = judge(request, access_, token_);
  HttpResponse response;
  if (verdict == Verdict::kBadHost) {
    ++stats_.bad_host;
    response = error_response(403, "this Host is not served here");
  } else if (verdict == Verdict::kBadOrigin) {
    ++stats_.bad_origin;
    response = error_response(403, "this Origin is not allowed");
  } else {
    response = route(request, verdict == Verdict::kAllowed);
  }
  add_security_headers(response);
  return response;
}

std::optional<HttpResponse> HttpApi::refuse_upgrade(const HttpRequest& request) {
  const auto verdict = judge(request, access_, token_);
  if (verdict == Verdict::kAllowed && request.path == "/ws") return std::nullopt;
  if (verdict == Verdict::kBadHost || verdict == Verdict::kBadOrigin) return handle(request);
  auto response =
      verdict == Verdict::kNeedsToken ? needs_token(request) : error_response(404, "no WebSocket here; it is at /ws");
  add_security_headers(response);
  return response;
}

HttpResponse HttpApi::route(const HttpRequest& request, bool authorized) {
  if (request.path == "/api/v1/login") return log_in(request);
  const bool open = request.path == "/healthz" || (request.path == "/metrics" && request.loopback);
  const auto* asset = find_asset(request.path);
  if (!authorized && request.path == "/") asset = find_asset("/login.html");
  if (asset != nullptr) return is_read(request) ? asset_response(request, *asset) : wrong_method("GET, HEAD");
  if (!authorized && !open) return needs_token(request);
  if (levels_ != nullptr && request.path == "/api/v1/levels") return handle_levels(request, *levels_);
  if (corrections_ != nullptr && request.path == "/api/v1/corrections")
    return handle_correction(request, *corrections_);
  auto response = api(request);
  if (!response) return error_response(404, fmt::format("no such path: {:.100}", request.path));
  return is_read(request) ? std::move(*response) : wrong_method("GET, HEAD");
}

std::optional<HttpResponse> HttpApi::api(const HttpRequest& request) {
  if (request.path == "/healthz") return health(true);
  if (request.path == "/readyz") return health(false);
  if (request.path == "/api/v1/state") return state();
  if (request.path == "/api/v1/alerts") return alerts(request.query);
  if (request.path == "/ws") return error_response(426, "this path speaks WebSocket");
  if (request.path == "/metrics") {
    auto text = source_.metrics();
    if (text.empty()) return std::nullopt;
    return HttpResponse{200,
                        std::move(text),
                        {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}, {"Cache-Control", "no-store"}}};
  }
  return std::nullopt;
}

HttpResponse HttpApi::state() {
  source_.fill(state_);
  std::string body;
  append_state(body, state_, {alerts_.last_seq(), clients_});
  return json_response(200, std::move(body));
}

HttpResponse HttpApi::alerts(std::string_view query) {
  const auto after = query_number(query, "after", 0, ~std::uint64_t{0});
  if (!after) return error_response(400, after.error().message);
  const auto limit = query_number(query, "limit", 1, kMaxLimit);
  if (!limit) return error_response(400, limit.error().message);
  std::string body;
  JsonWriter json{body};
  json.begin_object().key("alerts").begin_array();
  alerts_.read_after((*after).value_or(0), (*limit).value_or(kDefaultLimit),
                     [&](std::uint64_t, std::string_view alert, std::string_view) { json.raw(alert); });
  json.end_array().field("first_seq", alerts_.first_seq()).field("last_seq", alerts_.last_seq()).end_object();
  return json_response(200, std::move(body));
}

HttpResponse HttpApi::health(bool liveness_only) {
  std::string body;
  const bool ok = append_health(body, source_.health(), liveness_only);
  return json_response(ok ? 200 : 503, std::move(body));
}

// The browser's way to present the token: never in a URL, where logs and histories keep it.
HttpResponse HttpApi::log_in(const HttpRequest& request) {
  if (request.method != "POST") return wrong_method("POST");
  if (!request.header("Content-Type").starts_with("application/json")) {
    return error_response(415, "Content-Type must be application/json");
  }
  const std::string remote{request.remote};
  if (throttled(remote)) return needs_token(request);
  simdjson::dom::parser parser;
  std::string_view token;
  if (parser.parse(request.body.data(), request.body.size())["token"].get(token) != simdjson::SUCCESS) {
    return error_response(400, R"(expected {"token":"…"})");
  }
  if (token_.required() && !token_.accepts(token)) {
    ++stats_.no_token;
    count_wrong_token(remote);
    return error_response(401, "wrong token");
  }
  auto response = json_response(200, R"({"ok":true})");
  if (token_.required()) response.headers.emplace_back("Set-Cookie", token_.set_cookie());
  return response;
}

HttpResponse HttpApi::needs_token(const HttpRequest& request) {
  const std::string remote{request.remote};
  ++stats_.no_token;
  if (!request.header("Authorization").empty()) count_wrong_token(remote);
  if (throttled(remote)) {
    ++stats_.throttled;
    auto response = error_response(429, "too many wrong tokens, wait a minute");
    response.headers.emplace_back("Retry-After", "60");
    return response;
  }
  auto response = error_response(401, "a token is needed: Authorization: Bearer TOKEN");
  response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

bool HttpApi::throttled(const std::string& remote) {
  constexpr int kTriesPerMinute = 5;
  const auto it = wrong_tokens_.find(remote);
  if (it == wrong_tokens_.end()) return false;
  if (clock_.mono() - it->second.since >= std::chrono::minutes{1}) {
    wrong_tokens_.erase(it);
    return false;
  }
  return it->second.count >= kTriesPerMinute;
}

void HttpApi::count_wrong_token(const std::string& remote) {
  constexpr std::size_t kAddresses = 10'000;  // then all are forgotten at once: no memory to fill up
  if (wrong_tokens_.size() >= kAddresses) wrong_tokens_.clear();
  auto& entry = wrong_tokens_.try_emplace(remote, WrongTokens{clock_.mono(), 0}).first->second;
  ++entry.count;
}

}  // namespace yagura::console

#include "console/http_api.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include "console/alerts_api.hpp"
#include "console/assets.hpp"
#include "console/http_responses.hpp"
#include "console/prices_api.hpp"
#include "console/state_json.hpp"

namespace yagura::console {
namespace {

using net::HttpRequest;
using net::HttpResponse;

HttpResponse asset_response(const HttpRequest& request, const Asset& asset) {
  const std::vector<std::pair<std::string, std::string>> headers{{"Content-Type", std::string{asset.content_type}},
                                                                 {"Cache-Control", "no-cache"},
                                                                 {"ETag", std::string{asset.etag}}};
  if (request.header("If-None-Match").find(asset.etag) != std::string_view::npos) return {304, {}, headers};
  return {200, std::string{asset.bytes}, headers};
}

bool is_read(const HttpRequest& request) { return request.method == "GET" || request.method == "HEAD"; }

// Who did something, where the request does not say: by what right.
std::string_view author_of(const TokenCheck& token, Role role) { return token.required() ? name_of(role) : "local"; }

}  // namespace

HttpApi::HttpApi(const AccessOptions& access, StateSource& source, AlertLog& alerts, const Clock& clock, Desks desks)
    : access_(access),
      source_(source),
      alerts_(alerts),
      clock_(clock),
      desks_(desks),
      token_(access.token, access.read_token) {
  if (desks.people != nullptr) people_.emplace(*desks.people, alerts, clock);
}

HttpResponse HttpApi::handle(const HttpRequest& request) {
  // A link's own token is its right, wherever its form was shown.
  const auto matched = match_route(request.path);
  const bool link = matched.route != nullptr && matched.route->id == RouteId::kAckLink;
  auto verdict = judge(request, access_, token_);
  if (link && verdict == Verdict::kBadOrigin &&
      link_origin_allowed(request.header("Origin"), request.header("Host"), access_))
    verdict = Verdict::kAllowed;
  HttpResponse response;
  if (verdict == Verdict::kBadHost) {
    ++stats_.bad_host;
    response = error_response(403, "this Host is not served here");
  } else if (verdict == Verdict::kBadOrigin) {
    ++stats_.bad_origin;
    response = error_response(403, "this Origin is not allowed");
  } else {
    response = route(request);
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

HttpResponse HttpApi::route(const HttpRequest& request) {
  const auto role = token_.role_of(request);
  const auto* asset = find_asset(request.path);
  if (role == Role::kNone && request.path == "/") asset = find_asset("/login.html");
  if (asset != nullptr) return is_read(request) ? asset_response(request, *asset) : wrong_method("GET, HEAD");
  const auto matched = match_route(request.path);
  const bool known = matched.route != nullptr && exists(matched.route->id);
  const bool open = known && (matched.route->open || (matched.route->id == RouteId::kMetrics && request.loopback));
  if (role == Role::kNone && !open) return needs_token(request);
  if (!known) return error_response(404, fmt::format("no such path: {:.100}", request.path));
  if (!takes(*matched.route, request.method)) return wrong_method(matched.route->methods);
  if (!open && !is_read(request) && role != Role::kOperate) {
    ++stats_.read_only;
    return error_response(403, "this token may only read; a change needs the console's other token");
  }
  return serve(matched, request, role);
}

bool HttpApi::exists(RouteId id) {
  switch (id) {
    case RouteId::kLevels: return desks_.levels != nullptr;
    case RouteId::kCandles:
    case RouteId::kTicks: return desks_.prices != nullptr;
    case RouteId::kCorrections: return desks_.corrections != nullptr;
    case RouteId::kAlertAck:
    case RouteId::kAlertUnack:
    case RouteId::kSilences:
    case RouteId::kSilence:
    case RouteId::kResend:
    case RouteId::kSinks: return people_.has_value();
    case RouteId::kAckLink: return people_.has_value() && !access_.public_url.empty();
    default: return true;
  }
}

HttpResponse HttpApi::serve(const Matched& matched, const HttpRequest& request, Role role) {
  switch (matched.route->id) {
    case RouteId::kHealth: return health(true);
    case RouteId::kReady: return health(false);
    case RouteId::kMetrics: return metrics();
    case RouteId::kState: return state();
    case RouteId::kLatency: return latency();
    case RouteId::kAlerts: return handle_alerts(request.query, alerts_, desks_.people, alive_);
    case RouteId::kCandles: return handle_candles(request.query, *desks_.prices);
    case RouteId::kTicks: return handle_ticks(request.query, *desks_.prices);
    case RouteId::kLevels: return handle_levels(request, *desks_.levels);
    case RouteId::kCorrections: return handle_correction(request, *desks_.corrections);
    case RouteId::kLogin: return log_in(request);
    case RouteId::kOpenApi: return asset_response(request, *find_asset(request.path));
    case RouteId::kWebSocket: return error_response(426, "this path speaks WebSocket");
    case RouteId::kAckLink: return ack_link(matched.part, request);
    default: return people_->handle(matched, request, author_of(token_, role));
  }
}

// Guessing is hopeless; it is slowed down all the same, and counted.
HttpResponse HttpApi::ack_link(std::string_view token, const HttpRequest& request) {
  auto response = people_->handle_link(token, request);
  if (response.status != 403) return response;
  ++stats_.bad_links;
  const std::string remote{request.remote};
  count_wrong_token(remote);
  return throttled(remote) ? needs_token(request) : response;
}

HttpResponse HttpApi::metrics() {
  auto text = source_.metrics();
  if (text.empty()) return error_response(404, "no such path: /metrics");
  return {200,
          std::move(text),
          {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}, {"Cache-Control", "no-store"}}};
}

HttpResponse HttpApi::latency() {
  auto json = source_.latency();
  return json.empty() ? error_response(404, "no such path: /api/v1/latency") : json_response(200, std::move(json));
}

HttpResponse HttpApi::state() {
  source_.fill(state_);
  std::string body;
  append_state(body, state_, {alerts_.last_seq(), clients_});
  return json_response(200, std::move(body));
}

HttpResponse HttpApi::health(bool liveness_only) {
  std::string body;
  const bool ok = append_health(body, source_.health(), liveness_only);
  return json_response(ok ? 200 : 503, std::move(body));
}

// The browser's way to present the token: never in a URL, where logs and histories keep it.
HttpResponse HttpApi::log_in(const HttpRequest& request) {
  if (auto refusal = refuse_unless_json(request)) return *std::move(refusal);
  const std::string remote{request.remote};
  if (throttled(remote)) return needs_token(request);
  simdjson::dom::parser parser;
  std::string_view token;
  if (parser.parse(request.body.data(), request.body.size())["token"].get(token) != simdjson::SUCCESS) {
    return error_response(400, R"(expected {"token":"…"})");
  }
  const auto role = token_.required() ? token_.role_of(token) : Role::kOperate;
  if (role == Role::kNone) {
    ++stats_.no_token;
    count_wrong_token(remote);
    return error_response(401, "wrong token");
  }
  auto response = json_response(200, fmt::format(R"({{"ok":true,"role":"{}"}})", name_of(role)));
  if (token_.required()) response.headers.emplace_back("Set-Cookie", token_.set_cookie(role));
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

// Every path that the console serves, with what may be done there: the one list, for the router, for
// docs/openapi.json and for the test that compares them.
#pragma once

#include <array>
#include <string_view>

#include "console/access.hpp"

namespace yagura::console {

enum class RouteId : std::uint8_t {
  kHealth,
  kReady,
  kMetrics,
  kState,
  kLatency,
  kAlerts,
  kAlertAck,
  kAlertUnack,
  kSilences,
  kSilence,
  kResend,
  kSinks,
  kCandles,
  kTicks,
  kLevels,
  kCorrections,
  kLogin,
  kOpenApi,
  kWebSocket,
  kAckLink,
};

struct Route {
  RouteId id{};
  std::string_view path;     // one part of it may be a name in braces, which stands for any
  std::string_view methods;  // as the Allow header lists them
  bool open = false;         // needs no token
};

inline constexpr auto kRoutes = std::to_array<Route>({
    {RouteId::kHealth, "/healthz", "GET, HEAD", true},
    {RouteId::kReady, "/readyz", "GET, HEAD"},
    {RouteId::kMetrics, "/metrics", "GET, HEAD"},  // open on loopback
    {RouteId::kState, "/api/v1/state", "GET, HEAD"},
    {RouteId::kLatency, "/api/v1/latency", "GET, HEAD"},
    {RouteId::kAlerts, "/api/v1/alerts", "GET, HEAD"},
    {RouteId::kAlertAck, "/api/v1/alerts/{id}/ack", "POST, DELETE"},
    {RouteId::kAlertUnack, "/api/v1/alerts/{id}/unack", "POST"},
    {RouteId::kSilences, "/api/v1/silences", "GET, HEAD, POST"},
    {RouteId::kSilence, "/api/v1/silences/{id}", "DELETE"},
    {RouteId::kResend, "/api/v1/deliveries/resend", "POST"},
    {RouteId::kSinks, "/api/v1/sinks", "GET, HEAD"},
    {RouteId::kCandles, "/api/v1/candles", "GET, HEAD"},
    {RouteId::kTicks, "/api/v1/ticks", "GET, HEAD"},
    {RouteId::kLevels, "/api/v1/levels", "GET, HEAD, POST, DELETE"},
    {RouteId::kCorrections, "/api/v1/corrections", "POST"},
    {RouteId::kLogin, "/api/v1/login", "POST", true},
    {RouteId::kOpenApi, "/api/v1/openapi.json", "GET, HEAD", true},
    {RouteId::kWebSocket, "/ws", "GET, HEAD"},
    {RouteId::kAckLink, "/a/{token}", "GET, HEAD, POST", true},
});

struct Matched {
  const Route* route = nullptr;  // null: no such path
  std::string_view part;         // what stands for the name in braces
};
[[nodiscard]] Matched match_route(std::string_view path);

// Whether a route takes this method, by its name as sent.
[[nodiscard]] bool takes(const Route& route, std::string_view method);

}  // namespace yagura::console

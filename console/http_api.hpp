// The HTTP half of the console: page, health, state, alerts. A function of a request and of what
// its sources say now; it holds no connection. The console's thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "console/access.hpp"
#include "console/alert_log.hpp"
#include "console/corrections_api.hpp"
#include "console/levels_api.hpp"
#include "console/people_api.hpp"
#include "console/price_desk.hpp"
#include "console/routes.hpp"
#include "console/snapshot.hpp"
#include "core/clock.hpp"
#include "core/net/ws_server.hpp"

namespace yagura::console {

struct AccessStats {
  std::uint64_t bad_host = 0;
  std::uint64_t bad_origin = 0;
  std::uint64_t no_token = 0;   // without one, or with a wrong one
  std::uint64_t throttled = 0;  // wrong tokens beyond five a minute and address
  std::uint64_t read_only = 0;  // changes with a token that may only look
  std::uint64_t bad_links = 0;  // links that we did not make
};

class HttpApi {
 public:
  // Who does what is asked for; without one, its paths do not exist.
  struct Desks {
    LevelBook* levels = nullptr;
    CorrectionDesk* corrections = nullptr;
    PeopleDesk* people = nullptr;
    PriceDesk* prices = nullptr;
  };
  // All must outlive it.
  HttpApi(const AccessOptions& access, StateSource& source, AlertLog& alerts, const Clock& clock, Desks desks);

  [[nodiscard]] net::HttpResponse handle(const net::HttpRequest& request);
  // Nothing: the upgrade may go on.
  [[nodiscard]] std::optional<net::HttpResponse> refuse_upgrade(const net::HttpRequest& request);
  [[nodiscard]] const AccessStats& stats() const { return stats_; }
  void set_client_count(std::size_t clients) { clients_ = clients; }

 private:
  [[nodiscard]] net::HttpResponse route(const net::HttpRequest& request);
  [[nodiscard]] bool exists(RouteId id);
  [[nodiscard]] net::HttpResponse serve(const Matched& matched, const net::HttpRequest& request, Role role);
  [[nodiscard]] net::HttpResponse state();
  [[nodiscard]] net::HttpResponse metrics();
  [[nodiscard]] net::HttpResponse latency();
  [[nodiscard]] net::HttpResponse ack_link(std::string_view token, const net::HttpRequest& request);
  [[nodiscard]] net::HttpResponse health(bool liveness_only);
  [[nodiscard]] net::HttpResponse log_in(const net::HttpRequest& request);
  [[nodiscard]] net::HttpResponse needs_token(const net::HttpRequest& request);
  // Wrong tokens of one address: too many lately?
  [[nodiscard]] bool throttled(const std::string& remote);
  void count_wrong_token(const std::string& remote);

  const AccessOptions& access_;
  StateSource& source_;
  AlertLog& alerts_;
  const Clock& clock_;
  Desks desks_;
  std::optional<PeopleApi> people_;
  TokenCheck token_;
  StateSnapshot state_;
  std::size_t clients_ = 0;
  AccessStats stats_;
  struct WrongTokens {
    MonoTime since{};
    int count = 0;
  };
  std::map<std::string, WrongTokens, std::less<>> wrong_tokens_;  // bounded
  std::shared_ptr<int> alive_ = std::make_shared<int>();          // what is answered later looks here first
};

}  // namespace yagura::console

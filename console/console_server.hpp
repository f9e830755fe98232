// The console: one port for the page, the API and the live WebSocket. It lives on the thread that
// runs the io_context and takes no lock; the thread that decides alerts had better be that thread,
// so that an alert's first write happens inside write_alert().
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "console/access.hpp"
#include "console/alert_log.hpp"
#include "console/corrections_api.hpp"
#include "console/http_api.hpp"
#include "console/levels_api.hpp"
#include "console/people.hpp"
#include "console/price_desk.hpp"
#include "console/snapshot.hpp"
#include "core/clock.hpp"
#include "core/net/ws_server.hpp"
#include "core/result.hpp"

namespace yagura::console {

class ConsoleServer {
 public:
  struct Options {
    AccessOptions access = {};
    std::vector<std::string> symbols = {};  // by SymbolId
    AlertStore* older_alerts = nullptr;     // AlertLog's
    LevelBook* levels = nullptr;            // null: no levels at run time
    CorrectionDesk* corrections = nullptr;  // null: no corrections
    PeopleDesk* people = nullptr;           // null: nobody acknowledges or silences
    PriceDesk* prices = nullptr;            // null: no past prices
    net::WsServer::Options server = {};
  };

  // `source` and `clock` must outlive it; so must the io_context.
  ConsoleServer(boost::asio::io_context& io, Options options, StateSource& source, const Clock& clock);
  ~ConsoleServer();
  ConsoleServer(const ConsoleServer&) = delete;
  ConsoleServer& operator=(const ConsoleServer&) = delete;

  // Checks exposure, then listens. The error is one line for the user.
  [[nodiscard]] Result<void> listen();
  [[nodiscard]] std::string url() const;  // "http://127.0.0.1:8225/"
  [[nodiscard]] std::uint16_t port() const;

  // Writes the alert to every client before it returns, and does nothing else. `json` is the object of
  // docs/alerts.md; `held` says why it is not delivered to sinks and stands beside it.
  void write_alert(std::string_view json, std::string_view held = {});
  // As write_alert(), to nobody.
  void rehearse_alert(std::string_view json);
  // The same alert for clients that come or resume later, in the order written; before control is back
  // in the loop. A number seen before is remembered once.
  void remember_alert(std::uint64_t seq, std::string_view json, std::string_view held = {});
  // Both.
  void publish_alert(std::uint64_t seq, std::string_view json, std::string_view held = {}) {
    write_alert(json, held);
    remember_alert(seq, json, held);
  }
  // What a person did, to every client: {"type":"action",…}.
  void publish_action(std::string_view message);
  // The latest price of an instrument; at most 20 a second of each reach the clients.
  void publish_tick(const LiveTick& tick, MonoTime now);

  // Seed it with stored alerts before listen(), lowest number first.
  [[nodiscard]] AlertLog& alert_log();

  // Closes with 1001; `on_stopped` comes when the last connection is gone.
  void stop(std::function<void()> on_stopped = {});

  [[nodiscard]] std::size_t clients() const;
  [[nodiscard]] bool busy() const;  // the last of very many clients have not heard everything yet: run the loop
  [[nodiscard]] std::size_t queued_bytes() const;  // waiting for slow clients
  [[nodiscard]] const net::WsServerStats& server_stats() const;
  [[nodiscard]] const AccessStats& access_stats() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace yagura::console

// Acknowledgements, silences, dead letters and sinks over HTTP. The console's thread.
#pragma once

#include <memory>
#include <string_view>

#include "console/access.hpp"
#include "console/alert_log.hpp"
#include "console/people.hpp"
#include "console/routes.hpp"
#include "core/clock.hpp"
#include "core/net/ws_server.hpp"

namespace yagura::console {

class PeopleApi {
 public:
  // All outlive it.
  PeopleApi(PeopleDesk& desk, const AlertLog& log, const Clock& clock) : desk_(desk), log_(log), clock_(clock) {}

  // One of the routes of people; `part` is the id in the path, `author` who it is unless the body says.
  [[nodiscard]] net::HttpResponse handle(const Matched& matched, const net::HttpRequest& request,
                                         std::string_view author);
  // The page behind a link in a letter, and its button.
  [[nodiscard]] net::HttpResponse handle_link(std::string_view token, const net::HttpRequest& request);

  using FoundAlert = std::function<void(const Result<std::optional<AlertRef>>& alert)>;

 private:
  struct Said {
    std::string author, reason;
  };
  [[nodiscard]] net::HttpResponse acknowledge(std::string_view id, bool on, const net::HttpRequest& request,
                                              std::string_view author);
  [[nodiscard]] net::HttpResponse list_silences();
  [[nodiscard]] net::HttpResponse silence(const net::HttpRequest& request, std::string_view author);
  [[nodiscard]] net::HttpResponse unsilence(std::string_view id, const net::HttpRequest& request,
                                            std::string_view author);
  [[nodiscard]] net::HttpResponse resend(const net::HttpRequest& request, std::string_view author);
  [[nodiscard]] net::HttpResponse list_sinks();
  // In memory or in the journal; at once or later.
  void find(Id128 id, const FoundAlert& found);

  PeopleDesk& desk_;
  const AlertLog& log_;
  const Clock& clock_;
  std::shared_ptr<int> alive_ = std::make_shared<int>();  // what is answered later looks here first
};

}  // namespace yagura::console

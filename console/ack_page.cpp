#include "console/ack_page.hpp"

#include <fmt/format.h>

#include "alerts/plain_text.hpp"
#include "console/http_responses.hpp"
#include "console/people_api.hpp"

namespace yagura::console {
namespace {

using alerts::html_escaped;
using net::HttpReply;
using net::HttpRequest;
using net::HttpResponse;

// Its referrer stays on this site, so that the browser names its origin when the button is pressed.
HttpResponse page(int status, std::string_view title, std::string_view main) {
  return {
      status,
      fmt::format("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                  "<meta name=\"viewport\" content=\"width=device-width\"><meta name=\"robots\" content=\"noindex\">"
                  "<title>{0}</title><link rel=\"stylesheet\" href=\"/css/base.css\"></head>\n"
                  "<body><main class=\"login\"><h1>{0}</h1>\n{1}</main></body></html>\n",
                  html_escaped(title), main),
      {{"Content-Type", "text/html; charset=utf-8"},
       {"Cache-Control", "no-store"},
       {"Content-Security-Policy",
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"},
       {"Referrer-Policy", "same-origin"}}};
}

}  // namespace

HttpResponse ack_form(const AlertRef& alert, const Ack* already) {
  std::string main = fmt::format("<p>{}</p>\n", html_escaped(alert.text));
  if (already != nullptr)
    main +=
        fmt::format("<p>Acknowledged already by {}, {}.</p>\n", html_escaped(already->author), format_utc(already->at));
  else
    main += "<form method=\"post\"><button type=\"submit\">Acknowledge</button></form>\n";
  return page(200, alert.title, main);
}

HttpResponse ack_message(int status, std::string_view title, std::string_view text) {
  return page(status, title, fmt::format("<p>{}</p>\n", html_escaped(text)));
}

HttpResponse PeopleApi::handle_link(std::string_view token, const HttpRequest& request) {
  Id128 id;
  std::string nonce;
  switch (desk_.check_link(token, id, nonce)) {
    case LinkState::kGood: break;
    case LinkState::kForged: return ack_message(403, "This link is not valid", "Take it whole from the message.");
    case LinkState::kExpired:
      return ack_message(410, "This link has expired", "Links are good for a week. The console still has the alert.");
    case LinkState::kUsed: return ack_message(410, "This link was used", "Each is good once.");
  }
  const bool pressed = request.method == "POST";
  return {.later = [this, id, nonce, pressed](const HttpReply& reply) {
    find(id, [this, reply, nonce, pressed](const Result<std::optional<AlertRef>>& found) {
      if (!found) return send_later(reply, ack_message(503, "Not now", "The journal does not answer. Try again."));
      if (!*found) return send_later(reply, ack_message(410, "Gone", "This alert is too old to be kept."));
      const auto& alert = **found;
      if (!pressed) return send_later(reply, ack_form(alert, desk_.ack_of(alert.episode)));
      desk_.acknowledge({.alert = alert, .on = true, .author = "link", .reason = {}, .nonce = nonce},
                        [reply, title = alert.title](const Outcome& outcome) {
                          const bool done = outcome.status < 300;
                          send_later(reply, done ? ack_message(200, "Acknowledged", title)
                                                 : ack_message(outcome.status, "Not acknowledged", outcome.text));
                        });
    });
  }};
}

}  // namespace yagura::console

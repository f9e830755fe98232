// yagura alerts ack, silence and so on: changes, asked of the running monitor.
#include <unistd.h>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <set>

#include <fmt/format.h>
#include <simdjson.h>

#include "alerts/plain_text.hpp"
#include "app/http_client.hpp"
#include "app/journal_view.hpp"
#include "app/text_table.hpp"
#include "config/secret.hpp"
#include "core/json_writer.hpp"

namespace yagura::app {
namespace {

constexpr const char* kSilences = "/api/v1/silences";

struct Request {
  const char* method = "GET";
  std::string path;
  std::string body;
};

Result<std::string> token_of(const AlertsOptions& options) {
  if (!options.token_file.empty()) return config::read_secret({{}, options.token_file});
  const char* environment = std::getenv("YAGURA_TOKEN");
  return std::string{environment == nullptr ? "" : environment};
}

Result<HttpAnswer, Refusal> ask(const AlertsOptions& options, const Request& request) {
  const auto token = token_of(options);
  if (!token) return Refusal{kUsage, "--token-file: " + token.error().message};
  const auto answer = http_request(options.console, request.method, request.path, request.body, *token);
  if (!answer) return Refusal{kFailed, answer.error().message};
  if (answer->status >= 400) return Refusal{answer->status == 400 ? kUsage : kFailed, error_of(*answer)};
  return *answer;
}

void add_who(JsonWriter& json, const AlertsOptions& options) {
  if (!options.author.empty()) json.field("author", options.author);
  if (!options.reason.empty()) json.field("reason", options.reason);
}

// Among the newest thousand alerts of the running monitor.
Result<std::string, Refusal> alert_id_there(const AlertsOptions& options) {
  std::uint64_t last = 0;
  std::set<std::string> found;
  for (int round = 0; round < 2; ++round) {
    const auto after = round == 0 ? std::uint64_t{0} : last - std::min<std::uint64_t>(last, 1000);
    const auto limit = round == 0 ? 1 : 1000;
    const auto answer = ask(options, {"GET", fmt::format("/api/v1/alerts?after={}&limit={}", after, limit), {}});
    if (!answer) return answer.error();
    simdjson::dom::parser parser;
    simdjson::dom::element page;
    simdjson::dom::array alerts;
    if (parser.parse(answer->body).get(page) != simdjson::SUCCESS || page["last_seq"].get(last) != simdjson::SUCCESS ||
        page["alerts"].get(alerts) != simdjson::SUCCESS)
      return Refusal{kFailed, options.console + ": this is no console of Yagura"};
    for (const auto alert : alerts) {
      std::string_view id;
      if (alert["id"].get(id) == simdjson::SUCCESS && id.starts_with(options.id)) found.emplace(id);
    }
  }
  if (found.size() == 1) return *found.begin();
  return Refusal{kFailed, found.empty() ? "no alert of the newest thousand begins with " + options.id
                                        : "several alerts begin with " + options.id + "; give more digits"};
}

// A shortened id is looked up in the journal, or in the running monitor where that cannot be read; a whole
// one needs neither.
Result<std::string, Refusal> alert_id(const AlertsOptions& options) {
  if (options.id.size() == 32 && is_id_beginning(options.id)) return options.id;
  if (!is_id_beginning(options.id))
    return Refusal{kUsage, "'" + options.id.substr(0, 40) + "' must be an id, or its first six digits and more"};
  auto query = open_journal(options.state);
  if (!query) return alert_id_there(options);
  const auto id = resolve_id(options.id, *query);
  if (!id) return id.error();
  return to_string(*id);
}

Result<std::string, Refusal> silence_id(const AlertsOptions& options) {
  if (!is_id_beginning(options.id))
    return Refusal{kUsage, "'" + options.id.substr(0, 40) + "' must be an id, or its first six digits and more"};
  const auto answer = ask(options, {"GET", kSilences, {}});
  if (!answer) return answer.error();
  simdjson::dom::parser parser;
  simdjson::dom::array silences;
  std::vector<std::string> found;
  if (parser.parse(answer->body)["silences"].get(silences) == simdjson::SUCCESS) {
    for (const auto silence : silences) {
      std::string_view id;
      if (silence["id"].get(id) == simdjson::SUCCESS && id.starts_with(options.id)) found.emplace_back(id);
    }
  }
  if (found.size() == 1) return found.front();
  return Refusal{kFailed, found.empty() ? "there is no silence " + options.id
                                        : "several silences begin with " + options.id + "; give more digits"};
}

std::string silence_body(const AlertsOptions& options) {
  std::string body;
  JsonWriter json{body};
  json.begin_object();
  const auto field = [&](const char* name, const std::string& text) {
    if (!text.empty()) json.field(name, text);
  };
  field("rule", options.rule);
  field("instrument", options.instrument);
  field("kind", options.kind);
  field("severity", options.severity);
  field("until", options.until);
  if (!options.when.empty()) {
    json.key("when").begin_array();
    for (const auto& window : options.when) json.value(window);
    json.end_array();
  }
  add_who(json, options);
  json.end_object();
  return body;
}

std::string who_body(const AlertsOptions& options, const std::string& id = {}) {
  std::string body;
  JsonWriter json{body};
  json.begin_object();
  if (!id.empty()) json.field("id", id);
  add_who(json, options);
  json.end_object();
  return body;
}

Result<Request, Refusal> request_of(const std::string& verb, const AlertsOptions& options) {
  if (verb == "silences") return Request{"GET", kSilences, {}};
  if (verb == "silence") return Request{"POST", kSilences, silence_body(options)};
  if (verb == "resend" && options.id.empty()) return Request{"POST", "/api/v1/deliveries/resend", who_body(options)};
  const auto id = verb == "unsilence" ? silence_id(options) : alert_id(options);
  if (!id) return id.error();
  if (verb == "resend") return Request{"POST", "/api/v1/deliveries/resend", who_body(options, *id)};
  if (verb == "unsilence") return Request{"DELETE", std::string(kSilences) + "/" + *id, who_body(options)};
  return Request{"POST", "/api/v1/alerts/" + *id + "/" + verb, who_body(options)};
}

std::string text_in(const simdjson::dom::element& object, const char* key) {
  std::string_view text;
  if (object[key].get(text) == simdjson::SUCCESS) return alerts::printable(text);
  std::string joined;
  simdjson::dom::array list;
  if (object[key].get(list) != simdjson::SUCCESS) return {};
  for (const auto entry : list)
    if (entry.get(text) == simdjson::SUCCESS) joined += (joined.empty() ? "" : ", ") + alerts::printable(text);
  return joined;
}

// Rule, instrument, kind and severity, as far as they are given.
std::string what_of(const simdjson::dom::element& silence) {
  std::string what;
  for (const auto* const key : {"rule", "instrument", "kind", "severity"}) {
    const auto text = text_in(silence, key);
    if (!text.empty()) what += (what.empty() ? "" : " ") + text;
  }
  return what;
}

std::string end_of(const simdjson::dom::element& silence) {
  const auto until = text_in(silence, "until");
  const auto time = parse_iso8601(until);
  return time ? tokyo_time(*time) : until;
}

int print_silences(const std::string& body) {
  simdjson::dom::parser parser;
  simdjson::dom::array silences;
  if (parser.parse(body)["silences"].get(silences) != simdjson::SUCCESS)
    return complain(kFailed, "the monitor's answer is no list of silences");
  if (silences.size() == 0) std::puts("no silences");
  TextTable table{{{"what", Align::kLeft},
                   {"until", Align::kLeft},
                   {"when", Align::kLeft},
                   {"by", Align::kLeft},
                   {"reason", Align::kLeft},
                   {"id", Align::kLeft}}};
  for (const auto silence : silences)
    table.row({what_of(silence), end_of(silence), text_in(silence, "when"), text_in(silence, "author"),
               text_in(silence, "reason"), text_in(silence, "id").substr(0, 8)});
  if (silences.size() != 0) std::fputs(table.text(::isatty(STDOUT_FILENO) == 1).c_str(), stdout);
  return kDone;
}

int print_done(const std::string& verb, const AlertsOptions& options, const std::string& body) {
  simdjson::dom::parser parser;
  simdjson::dom::element answer;
  if (parser.parse(body).get(answer) != simdjson::SUCCESS) return complain(kFailed, "the monitor's answer is no JSON");
  if (verb == "resend") {
    std::int64_t count = 0;
    if (answer["resent"].get(count) != simdjson::SUCCESS) count = 0;
    std::printf("sent again: %lld\n", static_cast<long long>(count));
  } else if (verb == "silence") {
    const auto until = end_of(answer);
    std::printf("silenced %s%s, id %s\n", what_of(answer).c_str(), until.empty() ? "" : (" until " + until).c_str(),
                text_in(answer, "id").substr(0, 8).c_str());
  } else {
    const bool already = answer["already"].error() == simdjson::SUCCESS;
    const auto* const done = verb == "ack" ? "acknowledged" : verb == "unack" ? "no longer acknowledged:" : "lifted";
    std::printf("%s %s%s\n", done, options.id.c_str(), already ? " (it was already)" : "");
  }
  return kDone;
}

}  // namespace

int act_on_alerts(const std::string& verb, const AlertsOptions& options) {
  const auto request = request_of(verb, options);
  if (!request) return complain(request.error().code, request.error().message);
  const auto answer = ask(options, *request);
  if (!answer) return complain(answer.error().code, answer.error().message);
  return verb == "silences" ? print_silences(answer->body) : print_done(verb, options, answer->body);
}

}  // namespace yagura::app

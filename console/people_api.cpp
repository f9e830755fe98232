#include "console/people_api.hpp"

#include <fmt/format.h>

#include "alerts/json_body.hpp"
#include "alerts/names.hpp"
#include "alerts/silence_json.hpp"
#include "console/http_responses.hpp"
#include "core/json_writer.hpp"

namespace yagura::console {
namespace {

using net::HttpReply;
using net::HttpRequest;
using net::HttpResponse;

constexpr std::size_t kLongestAuthor = 100;
constexpr std::size_t kLongestReason = 200;
constexpr std::string_view kSaidExample = R"({"author":"aki","reason":"seen"})";
constexpr std::string_view kResendExample = R"({"id":"3f9c0c6e5a7b1d2e4f60718293a4b5c6"})";

HttpResponse response_of(const Outcome& outcome) {
  return outcome.status < 300 ? json_response(outcome.status, outcome.text)
                              : error_response(outcome.status, outcome.text);
}

PeopleDesk::Done answer_with(const HttpReply& reply) {
  return [reply](const Outcome& outcome) { send_later(reply, response_of(outcome)); };
}

HttpResponse no_such_id(std::string_view id) {
  return error_response(404, fmt::format("'{:.40}' is no id: 32 hexadecimal digits", id));
}

// Who and why; `author` stays as it is when the body is empty or does not say. With `id`, that too.
Result<void> read_said(std::string_view body, std::string_view example, std::string& author, std::string& reason,
                       std::optional<Id128>* id = nullptr) {
  if (body.empty()) return {};
  return alerts::read_body(body, example, [&](const alerts::BodyField& field, std::string&) {
    if (!field.text) return false;
    if (field.key == "author" && !field.text->empty() && alerts::is_plain_line(*field.text, kLongestAuthor)) {
      author = *field.text;
      return true;
    }
    if (field.key == "reason" && alerts::is_plain_line(*field.text, kLongestReason)) {
      reason = *field.text;
      return true;
    }
    if (field.key != "id" || id == nullptr) return false;
    *id = alerts::parse_id(*field.text);
    return id->has_value();
  });
}

}  // namespace

HttpResponse PeopleApi::handle(const Matched& matched, const HttpRequest& request, std::string_view author) {
  const bool reading = request.method == "GET" || request.method == "HEAD";
  if (!reading) {
    if (auto refusal = refuse_unless_json(request)) return *std::move(refusal);
  }
  switch (matched.route->id) {
    case RouteId::kAlertAck: return acknowledge(matched.part, request.method == "POST", request, author);
    case RouteId::kAlertUnack: return acknowledge(matched.part, false, request, author);
    case RouteId::kSilences: return reading ? list_silences() : silence(request, author);
    case RouteId::kSilence: return unsilence(matched.part, request, author);
    case RouteId::kResend: return resend(request, author);
    case RouteId::kSinks: return list_sinks();
    default: return error_response(404, "no such path");
  }
}

HttpResponse PeopleApi::acknowledge(std::string_view id, bool on, const HttpRequest& request, std::string_view author) {
  const auto alert = alerts::parse_id(id);
  if (!alert) return no_such_id(id);
  AckRequest ask{.alert = {}, .on = on, .author = std::string{author}, .reason = {}};
  if (const auto read = read_said(request.body, kSaidExample, ask.author, ask.reason); !read)
    return error_response(400, read.error().message);
  return {.later = [this, alert = *alert, ask](const HttpReply& reply) {
    find(alert, [this, reply, ask](const Result<std::optional<AlertRef>>& found) mutable {
      if (!found) return send_later(reply, error_response(503, found.error().message));
      if (!*found) return send_later(reply, error_response(404, "there is no alert with this id"));
      ask.alert = **found;
      desk_.acknowledge(std::move(ask), answer_with(reply));
    });
  }};
}

void PeopleApi::find(Id128 id, const FoundAlert& found) {
  if (const auto* const json = log_.find(id)) return found(read_alert(*json));
  desk_.find(id, [found, alive = std::weak_ptr<void>(alive_)](const Result<std::optional<std::string>>& json) {
    if (alive.expired()) return;
    if (!json) return found(json.error());
    found(json->has_value() ? read_alert(**json) : std::optional<AlertRef>{});
  });
}

HttpResponse PeopleApi::list_silences() {
  std::string body;
  JsonWriter json{body};
  json.begin_object().key("silences").begin_array();
  for (const auto& silence : desk_.silences()) append(json, silence);
  json.end_array().end_object();
  return json_response(200, std::move(body));
}

HttpResponse PeopleApi::silence(const HttpRequest& request, std::string_view author) {
  auto silence = alerts::read_silence(request.body, clock_.now());
  if (!silence) return error_response(400, silence.error().message);
  if (silence->author.empty()) silence->author = author;
  return {.later = [this, silence = *std::move(silence)](const HttpReply& reply) {
    desk_.silence(silence, answer_with(reply));
  }};
}

HttpResponse PeopleApi::unsilence(std::string_view id, const HttpRequest& request, std::string_view author) {
  const auto silence = alerts::parse_id(id);
  if (!silence) return no_such_id(id);
  Said said{std::string{author}, {}};
  if (const auto read = read_said(request.body, kSaidExample, said.author, said.reason); !read)
    return error_response(400, read.error().message);
  return {.later = [this, id = *silence, said](const HttpReply& reply) {
    desk_.unsilence(id, said.author, said.reason, answer_with(reply));
  }};
}

HttpResponse PeopleApi::resend(const HttpRequest& request, std::string_view author) {
  Said said{std::string{author}, {}};
  std::optional<Id128> id;
  if (const auto read = read_said(request.body, kResendExample, said.author, said.reason, &id); !read)
    return error_response(400, read.error().message);
  return {.later = [this, id, said](const HttpReply& reply) { desk_.resend(id, said.author, answer_with(reply)); }};
}

HttpResponse PeopleApi::list_sinks() {
  std::string body;
  JsonWriter json{body};
  json.begin_object().key("sinks").begin_array();
  for (const auto& sink : desk_.sinks()) {
    json.begin_object().field("name", sink.name).field("kind", sink.kind).field("delivered", sink.delivered);
    json.field("failed", sink.failed).field("refused", sink.refused).field("folded", sink.folded);
    json.field("waiting", sink.waiting).field("dead", sink.dead).key("oldest");
    if (sink.oldest)
      json.value(format_utc(*sink.oldest));
    else
      json.null();
    json.field("off", sink.off).field("down", sink.down).key("problem");
    if (sink.last_problem.empty())
      json.null();
    else
      json.value(sink.last_problem);
    json.end_object();
  }
  json.end_array().end_object();
  return json_response(200, std::move(body));
}

}  // namespace yagura::console

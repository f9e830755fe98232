#include "app/people.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include <boost/asio/post.hpp>

#include "alerts/json_body.hpp"
#include "alerts/names.hpp"
#include "alerts/silence_json.hpp"
#include "core/json_writer.hpp"

namespace yagura::app {

using alerts::Action;
using console::Outcome;

namespace {

constexpr const char* kNotStored = "not stored: the journal's disk refused; try again";
constexpr const char* kBusy = "too much is being looked up in the journal; try again";

std::string ack_body(const console::AckRequest& request) {
  std::string body;
  JsonWriter json{body};
  json.begin_object().field("alert", std::string_view{to_string(request.alert.id)});
  if (!request.nonce.empty()) json.field("nonce", request.nonce);
  json.end_object();
  return body;
}

// The nonce of a stored acknowledgement; empty when it came by no link.
std::string nonce_of(const Action& action) {
  std::string nonce;
  static_cast<void>(alerts::read_body(action.body, "", [&](const alerts::BodyField& field, std::string&) {
    if (field.key == "nonce" && field.text) nonce = *field.text;
    return true;
  }));
  return nonce;
}

std::string silence_json(const alerts::Silence& silence) {
  std::string body;
  JsonWriter json{body};
  append(json, silence);
  return body;
}

}  // namespace

Result<std::unique_ptr<People>, alerts::StateError> People::open(boost::asio::io_context& io, alerts::Journal& journal,
                                                                 const alerts::Catalog& catalog,
                                                                 const alerts::StateDir& state, const Clock& clock,
                                                                 Options options) {
  std::unique_ptr<People> people{new People{io, journal, catalog, clock, std::move(options)}};
  if (const auto& url = people->options_.public_url; !url.empty()) {
    auto links = alerts::AckLinks::open(state, url, clock);
    if (!links) return links.error();
    people->links_ = *std::move(links);
  }
  if (const auto recalled = people->recall(); !recalled) return recalled.error();
  return people;
}

// -- What the last runs left ---------------------------------------------------------------------

Result<void, alerts::StateError> People::recall() {
  auto query = alerts::AlertQuery::open(journal_.file());
  if (!query) return query.error();
  // Silences that go on for ever may be of any age.
  const auto actions = query->actions_since(Timestamp{});
  if (!actions) return actions.error();
  for (const auto& action : *actions) recall(action);
  const auto numbers = query->numbers_before_epochs();
  if (!numbers) return numbers.error();
  numbers_before_ = *numbers;
  static_cast<void>(silences_.in_force(clock_.now()));
  return {};
}

void People::recall(const Action& action) {
  if (action.kind == "silence") {
    auto silence = alerts::read_silence(action.body, action.at);
    if (!silence || silence->over(clock_.now())) return;
    silence->id = action.id;
    silence->author = action.author;
    silences_.add(*std::move(silence));
  } else if (action.kind == "unsilence") {
    silences_.remove(action.id);
  } else if (action.at < clock_.now() - kRecalled) {
    return;
  } else if (action.kind == "ack") {
    acks_.put(action.id, {action.at, action.author, action.reason});
    if (auto nonce = nonce_of(action); !nonce.empty()) used_links_.insert(std::move(nonce));
  } else if (action.kind == "unack") {
    acks_.erase(action.id);
  }
}

// -- Changes -------------------------------------------------------------------------------------

void People::store(Action action, const Done& done, std::function<void(const Action&)> stored) {
  action.at = clock_.now();
  journal_.act(action,
               [this, alive = std::weak_ptr<void>(alive_), action, done, stored = std::move(stored)](bool on_disk) {
                 boost::asio::post(io_, [this, alive, action, done, stored, on_disk] {
                   if (alive.expired()) return;
                   if (!on_disk) return done({503, kNotStored});
                   stored(action);
                 });
               });
}

void People::acknowledge(console::AckRequest request, Done done) {
  if (options_.episode_of) request.alert.episode = options_.episode_of(request.alert.id);
  const auto* const known = ack_of(request.alert.episode);
  if (!request.on && known == nullptr) return done({409, "it is not acknowledged"});
  if (request.on && known != nullptr && request.nonce.empty())
    return done({200, fmt::format(R"({{"id":"{}","already":true}})", to_string(request.alert.id))});
  if (!request.nonce.empty() && !used_links_.insert(request.nonce).second) return done({410, "this link was used"});
  Action action{.at = {},
                .kind = request.on ? "ack" : "unack",
                .id = request.alert.episode,
                .author = request.author,
                .reason = request.reason,
                .body = ack_body(request)};
  const auto failed = [this, nonce = request.nonce, done](const Outcome& outcome) {
    used_links_.erase(nonce);
    done(outcome);
  };
  store(std::move(action), failed, [this, request, done](const Action& stored) {
    acknowledged(request, stored);
    done({200, fmt::format(R"({{"id":"{}","episode":"{}","acknowledged":{}}})", to_string(request.alert.id),
                           to_string(request.alert.episode), request.on)});
  });
}

void People::acknowledged(const console::AckRequest& request, const Action& action) {
  if (request.on) {
    acks_.put(action.id, {action.at, action.author, action.reason});
    if (outbox_ != nullptr) outbox_->cancel(action.id);
    tell_incident_sinks(request);
  } else {
    acks_.erase(action.id);
  }
  announce(action, request.alert.id);
}

// Those that were told of the alert: who did not hear of it need not hear that it is taken up.
void People::tell_incident_sinks(const console::AckRequest& request) {
  if (options_.incident_sinks.empty()) return;
  const auto ask = [episode = request.alert.episode](alerts::AlertQuery& query) -> Result<std::vector<std::string>> {
    auto sinks = query.sinks_of_episode(episode);
    if (!sinks) return Error{sinks.error().message};
    return *std::move(sinks);
  };
  look_up<std::vector<std::string>>(ask, [this, alert = request.alert](const Result<std::vector<std::string>>& told) {
    std::vector<alerts::Delivery> deliveries;
    for (const auto& sink : options_.incident_sinks) {
      if (told && std::ranges::find(*told, sink) == told->end()) continue;
      alerts::Delivery delivery;
      delivery.sink = sink;
      delivery.purpose = alerts::Letter::Purpose::kAcknowledged;
      delivery.id = new_id("acknowledged");
      delivery.episode = alert.episode;
      delivery.severity = alerts::severity_of(alert.severity).value_or(Severity::kInfo);
      delivery.seq = alert.seq;
      delivery.created = delivery.due = clock_.now();
      delivery.handed = clock_.mono();
      deliveries.push_back(std::move(delivery));
    }
    if (!deliveries.empty()) journal_.send(std::move(deliveries));
  });
}

std::string People::unknown_name(const alerts::Silence& silence) const {
  const auto has = [](const auto& all, auto field, const std::string& name) {
    return name.empty() || std::ranges::find(all, name, field) != all.end();
  };
  if (!has(catalog_.rules, &alerts::RuleInfo::id, silence.rule))
    return fmt::format("no rule '{}' is in force", silence.rule);
  if (!has(catalog_.instruments, &InstrumentInfo::symbol, silence.instrument))
    return fmt::format("no instrument '{}' is watched", silence.instrument);
  return {};
}

void People::silence(alerts::Silence silence, Done done) {
  if (const auto unknown = unknown_name(silence); !unknown.empty()) return done({404, unknown});
  if (silences().size() >= alerts::Silences::kMost)
    return done({409, fmt::format("there are {} silences already", alerts::Silences::kMost)});
  Action action{.at = {},
                .kind = "silence",
                .id = new_id("silence"),
                .author = silence.author,
                .reason = silence.reason,
                .body = silence_json(silence)};
  silence.id = action.id;
  store(std::move(action), done, [this, silence, done](const Action& stored) {
    silences_.add(silence);
    announce(stored, std::nullopt);
    done({201, silence_json(silence)});
  });
}

void People::unsilence(Id128 id, std::string author, std::string reason, Done done) {
  if (silences_.find(id) == nullptr) return done({404, "there is no silence with this id"});
  Action action{
      .at = {}, .kind = "unsilence", .id = id, .author = std::move(author), .reason = std::move(reason), .body = "{}"};
  store(std::move(action), done, [this, id, done](const Action& stored) {
    silences_.remove(id);
    announce(stored, std::nullopt);
    done({200, fmt::format(R"({{"id":"{}"}})", to_string(id))});
  });
}

void People::resend(std::optional<Id128> id, std::string author, Done done) {
  if (outbox_ == nullptr) return done({409, "there are no sinks"});
  Action action{
      .at = {}, .kind = "resend", .id = id.value_or(Id128{}), .author = std::move(author), .reason = {}, .body = "{}"};
  store(std::move(action), done, [this, done](const Action& stored) {
    const auto count = outbox_ == nullptr ? 0 : outbox_->resend(stored.id);
    announce(stored, std::nullopt);
    done({200, fmt::format(R"({{"resent":{}}})", count)});
  });
}

void People::announce(const Action& action, std::optional<Id128> alert) const {
  if (!options_.announce) return;
  std::string message;
  JsonWriter json{message};
  json.begin_object().field("type", "action").field("action", action.kind);
  if (alert) json.field("alert", std::string_view{to_string(*alert)});
  json.field("id", std::string_view{to_string(action.id)}).field("at", format_utc(action.at));
  json.field("author", action.author).field("reason", action.reason);
  if (action.kind == "silence") json.key("silence").raw(action.body);
  json.end_object();
  options_.announce(message);
}

Id128 People::new_id(std::string_view what) {
  return Fnv128{}
      .bytes(what)
      .number(static_cast<std::uint64_t>(journal_.epoch()))
      .number(static_cast<std::uint64_t>(to_ns(clock_.now())))
      .number(++made_)
      .value();
}

// -- Questions -----------------------------------------------------------------------------------

template <class Value>
void People::look_up(std::function<Result<Value>(alerts::AlertQuery&)> question,
                     std::function<void(const Result<Value>&)> answer) {
  const bool taken = reading_.ask([this, alive = std::weak_ptr<void>(alive_), question, answer](auto query) {
    auto found = query ? question(**query) : Result<Value>{query.error()};
    boost::asio::post(io_, [alive, answer, found = std::move(found)] {
      if (!alive.expired()) answer(found);
    });
  });
  if (!taken) answer(Error{kBusy});
}

void People::find(Id128 id, FoundAlert found) {
  const auto ask = [id](alerts::AlertQuery& query) -> Result<std::optional<std::string>> {
    auto alert = query.alert(id);
    if (!alert) return Error{alert.error().message};
    return *alert ? std::optional{(*alert)->json} : std::optional<std::string>{};
  };
  look_up<std::optional<std::string>>(ask, std::move(found));
}

void People::list(alerts::AlertFilter filter, FoundAlerts found) {
  const auto ask = [filter = std::move(filter)](alerts::AlertQuery& query) -> Result<std::vector<alerts::StoredAlert>> {
    auto alerts = query.alerts(filter);
    if (!alerts) return Error{alerts.error().message};
    return *std::move(alerts);
  };
  look_up<std::vector<alerts::StoredAlert>>(ask, std::move(found));
}

std::vector<console::SinkRow> People::sinks() {
  std::vector<console::SinkRow> rows;
  if (outbox_ == nullptr) return rows;
  for (auto& status : outbox_->status())
    rows.push_back({.name = std::move(status.name),
                    .kind = std::string{status.kind},
                    .delivered = status.delivered,
                    .failed = status.failed,
                    .refused = status.refused,
                    .folded = status.folded,
                    .waiting = status.waiting,
                    .dead = status.dead,
                    .oldest = status.oldest,
                    .off = status.off,
                    .down = status.down,
                    .last_problem = std::move(status.last_problem)});
  return rows;
}

// Everything up to the last number that the run after `epoch` found stored has kept its number.
std::uint64_t People::safe_seq_of(std::int64_t epoch) const {
  const auto next = numbers_before_.find(epoch + 1);
  return next == numbers_before_.end() ? 0 : next->second;
}

console::LinkState People::check_link(std::string_view token, Id128& alert, std::string& nonce) {
  const auto claim = links_ ? links_->read(token) : std::nullopt;
  if (!claim) return console::LinkState::kForged;
  if (clock_.now() >= claim->expires) return console::LinkState::kExpired;
  if (used_links_.contains(claim->nonce)) return console::LinkState::kUsed;
  alert = claim->alert;
  nonce = claim->nonce;
  return console::LinkState::kGood;
}

}  // namespace yagura::app

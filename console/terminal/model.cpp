#include "console/terminal/model.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/json_writer.hpp"

namespace yagura::console::terminal {
namespace {

constexpr std::size_t kMostAcks = 2 * Model::kMostAlerts;

// A symbol as it may stand in a query; nothing else is asked for.
bool is_plain(std::string_view symbol) {
  constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
  return !symbol.empty() && symbol.find_first_not_of(kPlain) == std::string_view::npos;
}

double percent(PriceDelta part, Price whole) {
  return 100.0 * static_cast<double>(part.raw()) / static_cast<double>(whole.raw());
}

void apply(const TickMessage& tick, InstrumentSnapshot& row) {
  row.price = tick.price;
  row.bid = tick.bid;
  row.ask = tick.ask;
  row.ts_event = tick.ts_event.value_or(row.ts_event);
  if (!tick.source.empty()) row.source = tick.source;
  if (!row.high || tick.high > *row.high) row.high = tick.high;
  if (!row.low || tick.low < *row.low) row.low = tick.low;
  // Sigmas are the server's and stay until its next state, a second later at most.
  for (auto& next : row.distances) {
    next.distance = next.price - tick.price;
    next.distance_pct = percent(next.distance, tick.price);
  }
  if (!row.previous_close) return;
  row.change = tick.price - *row.previous_close;
  row.change_pct = percent(*row.change, *row.previous_close);
}

}  // namespace

Result<Message> Model::receive(std::string_view json, MonoTime now) {
  auto message = reader_.read(json);
  if (!message) return message.error();
  heard_ = now;
  return std::visit([&](auto&& content) { return take(std::move(content), now); }, *std::move(message));
}

Message Model::take(StateMessage&& message, MonoTime now) {
  state_ = std::move(message.state);
  has_state_ = true;
  state_at_ = now;
  ticked_.clear();
  for (const auto& row : state_.instruments) {
    ticked_.push_back(row.age_ms ? std::optional{now - std::chrono::milliseconds{*row.age_ms}} : std::nullopt);
    if (row.price) histories_[row.symbol].add(row.ts_event, *row.price);
  }
  keep_histories_of_instruments();
  if (!message.hello) return Message::kState;
  greet(message.last_seq, now);
  return Message::kHello;
}

Message Model::take(TickMessage&& tick, MonoTime now) {
  for (std::size_t i = 0; i < state_.instruments.size(); ++i) {
    auto& row = state_.instruments[i];
    if (row.symbol != tick.symbol) continue;
    apply(tick, row);
    ticked_[i] = now;
    histories_[row.symbol].add(row.ts_event, tick.price);
    break;
  }
  return Message::kTick;
}

Message Model::take(AlertMessage&& message, MonoTime now) {
  auto& alert = message.alert;
  if (!seen_.emplace(alert.id, alert.event).second) return Message::kAlert;
  alert.came = now;
  auto place = alerts_.end();
  while (place != alerts_.begin() && std::prev(place)->seq > alert.seq) --place;
  alerts_.insert(place, std::move(alert));
  keep_alerts_within_bounds();
  return Message::kAlert;
}

Message Model::take(ActionMessage&& message, MonoTime /*now*/) {
  const bool on = message.action == "ack", off = message.action == "unack";
  if ((!on && !off) || message.episode.empty()) return Message::kAction;
  if (acted_.size() < kMostAcks) acted_.insert(message.episode);
  if (on)
    acks_[message.episode] = std::move(message.who);
  else
    forget_ack(message.alert, message.episode);
  keep_acks_within_bounds();
  return Message::kAction;
}

// Past ones came by the ids of single alerts.
void Model::forget_ack(std::string_view id, std::string_view episode) {
  const auto forget = [&](std::string_view key) {
    if (const auto found = acks_.find(key); found != acks_.end()) acks_.erase(found);
  };
  forget(id);
  forget(episode);
  for (const auto& alert : alerts_) {
    if (alert.episode() == episode) forget(alert.id);
  }
}

Message Model::take(ErrorMessage&& message, MonoTime now) {
  last_error_ = std::move(message.text);
  last_error_at_ = now;
  return Message::kError;
}

Message Model::take(OtherMessage&& /*message*/, MonoTime /*now*/) { return Message::kOther; }

// A new alert may come before the past that was asked for; the link may be lost between them.
std::uint64_t Model::last_without_hole() const {
  auto last = asked_after_;
  for (const auto& alert : alerts_) {
    if (alert.seq > last + 1) break;
    last = std::max(last, alert.seq);
  }
  return last;
}

void Model::start_over() {
  alerts_.clear();
  seen_.clear();
  acks_.clear();
  counted_in_.reset();
}

// After a pause go on behind the newest alert up to which none is missing. A start that is not a later
// one, or numbers that went back within one, are those of another monitor, or of one that lost its
// state: start over, whatever its numbers. What was counted just before a crash may be counted anew: at
// a later start the monitor goes by the ids we name. The page has the same rule (js/link.js).
void Model::greet(std::uint64_t newest, MonoTime now) {
  const Run met{state_.epoch, state_.started};
  const bool same = counted_in_ == met;
  if (counted_in_ && (same ? !alerts_.empty() && newest < alerts_.back().seq : met.epoch <= counted_in_->epoch))
    start_over();
  const bool known = !alerts_.empty();
  asked_after_ = known ? last_without_hole() : newest - std::min(newest, kPastOnArrival);
  resume_.clear();
  JsonWriter json{resume_};
  json.begin_object().field("type", "resume").field("after", asked_after_);
  if (known && counted_in_ && !same) {
    json.field("epoch", counted_in_->epoch).key("ids").begin_array();
    const auto count = std::min(alerts_.size(), kKnownOnReturn);
    for (auto alert = alerts_.end() - static_cast<std::ptrdiff_t>(count); alert != alerts_.end(); ++alert)
      json.value(alert->id);
    json.end_array();
  }
  json.end_object();
  if (!known) counted_in_ = met;
  met_ = met;
  met_at_ = now;
  newest_ = newest;
  acted_.clear();
  link_ = Link::kLive;
  lost_at_.reset();
}

std::vector<std::string> Model::wanted() const {
  std::vector<std::string> paths;
  constexpr std::uint64_t kAlerts = 1'000;
  paths.push_back(fmt::format("/api/v1/alerts?after={}&limit={}", newest_ - std::min(newest_, kAlerts), kAlerts));
  for (const auto& row : state_.instruments) {
    if (is_plain(row.symbol))
      paths.push_back(
          fmt::format("/api/v1/candles?instrument={}&interval=1m&limit={}", row.symbol, PriceHistory::kMost));
  }
  return paths;
}

Result<void> Model::receive_answer(std::string_view json) {
  auto answer = reader_.read_answer(json);
  if (!answer) return answer.error();
  std::visit([&](auto&& content) { take(std::move(content)); }, *std::move(answer));
  return {};
}

void Model::take(PastPrices&& past) {
  if (const auto history = histories_.find(past.symbol); history != histories_.end())
    history->second.take_past(past.points);
}

void Model::take(PastAcks&& past) {
  // What was taken back while we were away; an action of since then knows better.
  const std::set<std::string_view> open(past.open.begin(), past.open.end());
  for (const auto& alert : alerts_) {
    if (!open.contains(alert.id) || acted_.contains(alert.episode())) continue;
    for (const auto* id : {&alert.id, &alert.episode()}) acks_.erase(*id);
  }
  for (auto& [id, who] : past.acks) {
    if (!acted_.contains(id)) acks_[std::move(id)] = std::move(who);
  }
  keep_acks_within_bounds();
}

void Model::link_up(MonoTime now) { heard_ = now; }

void Model::link_lost(MonoTime now, std::string why) {
  if (link_ != Link::kLost) lost_at_ = now;
  // One that was cut while it told the past may have left holes: the next begins where it began.
  if (met_ && heard_ - met_at_ > kSettledAfter) counted_in_ = met_;
  met_.reset();
  link_ = Link::kLost;
  lost_why_ = std::move(why);
}

std::optional<Duration> Model::age(std::size_t instrument, MonoTime now) const {
  if (instrument >= ticked_.size() || !ticked_[instrument]) return std::nullopt;
  return std::max(Duration{0}, Duration{now - *ticked_[instrument]});
}

const PriceHistory* Model::history(std::string_view symbol) const {
  const auto found = histories_.find(symbol);
  return found == histories_.end() ? nullptr : &found->second;
}

const Acknowledgement* Model::acknowledged(const AlertRow& alert) const {
  auto found = acks_.find(alert.episode());
  if (found == acks_.end()) found = acks_.find(alert.id);
  return found == acks_.end() ? nullptr : &found->second;
}

void Model::keep_alerts_within_bounds() {
  while (alerts_.size() > kMostAlerts) {
    asked_after_ = std::max(asked_after_, alerts_.front().seq);
    seen_.erase({alerts_.front().id, alerts_.front().event});
    alerts_.pop_front();
  }
}

// Those of alerts that left the tape go first; of strangers that are still too many, any.
void Model::keep_acks_within_bounds() {
  if (acks_.size() <= kMostAcks) return;
  std::set<std::string_view> shown;
  for (const auto& alert : alerts_) shown.insert({alert.id, alert.episode()});
  std::erase_if(acks_, [&](const auto& ack) { return !shown.contains(ack.first); });
}

void Model::keep_histories_of_instruments() {
  std::erase_if(histories_, [&](const auto& history) {
    return std::none_of(state_.instruments.begin(), state_.instruments.end(),
                        [&](const auto& row) { return row.symbol == history.first; });
  });
}

}  // namespace yagura::console::terminal

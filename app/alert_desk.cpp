#include "app/alert_desk.hpp"

#include <algorithm>

#include <spdlog/spdlog.h>

#include "alerts/facts.hpp"
#include "alerts/json.hpp"
#include "alerts/numbers.hpp"
#include "alerts/render.hpp"
#include "alerts/terminal_line.hpp"

namespace yagura::app {

using alerts::Held;

void AlertDesk::hand_out(const SignalBuffer& signals) {
  batch_.clear();
  numbers_.clear();
  for (const auto& signal : signals.signals()) {
    const auto number = journal_.number(alerts::journal_key(signal));
    repeats_ += number.repeat;
    // One that the journal has and the state of delivery has not was decided just before a crash:
    // it is judged for what it means to those after it.
    if (number.repeat && number.seq <= delivery_.judged) continue;
    delivery_.judged = std::max(delivery_.judged, number.seq);
    batch_.push_back(signal);
    numbers_.push_back(number);
  }
  heed_silences(delivery_.judge(batch_));
  // What was due before this tick goes first, unless it may be of this tick and has no words yet.
  const bool waits = std::ranges::any_of(verdicts_, [](const auto& verdict) { return verdict.held == Held::kPending; });
  if (!waits) send_late();
  for (std::size_t i = 0; i < batch_.size(); ++i) {
    const auto& signal = batch_[i];
    const bool has_levels = signal.kind == RuleKind::kMilestone || signal.kind == RuleKind::kLevel;
    const auto levels = has_levels ? signals.levels_of(signal) : std::span<const Price>{};
    if (!numbers_[i].repeat)
      hand_out(signal, numbers_[i].seq, verdicts_[i], levels);
    else if (verdicts_[i].held == Held::kPending)
      keep_again(signal, numbers_[i].seq, levels);
  }
  send_late();
}

// The journal has it from before a crash; what waits must have its words all the same.
void AlertDesk::keep_again(const Signal& signal, std::uint64_t seq, std::span<const Price> levels) {
  json_.clear();
  alerts::encode(alerts::make_alert(seq, signal, levels, catalog_), catalog_, {}, json_);
  delivery_.keep(signal.id, json_);
}

alerts::Ways AlertDesk::ways_of(RuleIndex rule, Severity severity, Event event, Id128 episode,
                                alerts::Routing::Which which) const {
  alerts::Ways ways{.episode = episode,
                    .severity = severity,
                    .routes = outputs_.routing.routes(rule, severity, event, which),
                    .over = alerts::ends_episode(event) && which != alerts::Routing::Which::kHeld};
  if (outputs_.acknowledged && outputs_.acknowledged(episode))
    std::erase_if(ways.routes, [](const alerts::Route& route) { return route.escalation; });
  return ways;
}

void AlertDesk::heed_silences(std::span<const alerts::Verdict> judged) {
  verdicts_.assign(judged.begin(), judged.end());
  if (!outputs_.silenced) return;
  for (std::size_t i = 0; i < batch_.size(); ++i) {
    // A withdrawal must reach whoever was told what it takes back.
    if (verdicts_[i].held != Held::kNot || batch_[i].event == Event::kWithdrawn) continue;
    if (!outputs_.silenced(batch_[i])) continue;
    verdicts_[i].held = Held::kSilenced;
    delivery_.withhold();
  }
}

void AlertDesk::hand_out(const Signal& signal, std::uint64_t seq, const alerts::Verdict& verdict,
                         std::span<const Price> levels) {
  ++alerts_;
  ++counts_[catalog_.rule(signal).id][static_cast<std::size_t>(signal.severity)];
  const auto alert = alerts::make_alert(seq, signal, levels, catalog_);
  json_.clear();
  alerts::encode(alert, catalog_, {}, json_);
  if (outputs_.console)
    outputs_.console(seq, json_, verdict.held == Held::kNot ? std::string_view{} : name_of(verdict.held));
  using Which = alerts::Routing::Which;
  const auto which = verdict.held == Held::kNot ? Which::kNew : Which::kHeld;
  const auto key = alerts::journal_key(signal);
  const auto episode = delivery_.episode_of(signal.id);
  journal_.append(seq, key, signal.ts_event, json_,
                  ways_of(signal.rule, signal.severity, signal.event, episode, which));
  if (verdict.held == Held::kPending) delivery_.keep(signal.id, json_);
  if (outputs_.screen != nullptr) show(alert, verdict.held);
}

bool AlertDesk::on_clock(SymbolId symbol, Timestamp now) {
  delivery_.advance(symbol, now);
  return send_late();
}

bool AlertDesk::send_late() {
  if (!delivery_.has_late()) return false;
  for (const auto& message : delivery_.take_late()) {
    if (const auto* summary = std::get_if<alerts::StormSummary>(&message))
      send_summary(*summary);
    else
      send_late(std::get<alerts::LateAlert>(message));
  }
  return true;
}

// Sinks that get everything had the alert when it was decided.
void AlertDesk::send_late(const alerts::LateAlert& late) {
  const auto facts = alerts::read_facts(late.text);
  if (!facts) return spdlog::error("alert {} could not be sent late: {}", to_string(late.id), facts.error().message);
  const auto rule = std::ranges::find(catalog_.rules, facts->rule, &alerts::RuleInfo::id);
  if (rule == catalog_.rules.end()) return;
  const auto index = static_cast<RuleIndex>(rule - catalog_.rules.begin());
  Signal subject{};
  subject.rule = index;
  subject.symbol = rule->instrument;
  subject.kind = rule->kind;
  subject.severity = late.severity;
  if (outputs_.silenced && outputs_.silenced(subject)) return delivery_.withhold();
  const auto event = facts->event == "recovered" ? Event::kRecovered : Event::kStale;
  const auto episode = delivery_.episode_of(late.id);
  journal_.dispatch(late.id, facts->seq, ways_of(index, late.severity, event, episode, alerts::Routing::Which::kLate),
                    late.text);
}

void AlertDesk::send_summary(const alerts::StormSummary& summary) {
  std::string json;
  alerts::encode(summary, catalog_, json);
  const auto id = summary.id(catalog_);
  std::vector<RuleIndex> rules;
  for (const auto& row : summary.rows) {
    const auto rule = std::ranges::find(catalog_.rules, row.rule, &alerts::RuleInfo::id);
    if (rule != catalog_.rules.end()) rules.push_back(static_cast<RuleIndex>(rule - catalog_.rules.begin()));
  }
  journal_.dispatch(id, 0,
                    {.episode = id,
                     .severity = summary.severity(),
                     .routes = outputs_.routing.summary_routes(rules, summary.severity()),
                     .over = false},
                    json);
  if (outputs_.screen == nullptr || outputs_.format == ScreenFormat::kJson) return;
  show_date(summary.to, catalog_.instruments[index_of(summary.instrument)].calendar);
  outputs_.screen->append(plain_line(summary, catalog_));
}

void AlertDesk::show(const alerts::Alert& alert, Held held) {
  if (outputs_.format == ScreenFormat::kJson) {
    outputs_.screen->append(json_);
    return;
  }
  const bool colour = outputs_.format == ScreenFormat::kColour;
  show_date(alert.signal.ts_event, catalog_.instrument(alert.signal).calendar);
  outputs_.screen->append(held == Held::kNot ? alerts::plain_line(alert, catalog_, colour)
                                             : alerts::held_line(alert, catalog_, name_of(held), colour));
}

void AlertDesk::show_date(Timestamp t, CalendarKind calendar) {
  const auto date = alerts::local_date(t, calendar);
  if (date == shown_date_) return;
  shown_date_ = date;
  outputs_.screen->append("-- " + to_string(date) + " --");
}

}  // namespace yagura::app

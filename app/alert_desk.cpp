#include "app/alert_desk.hpp"

#include <algorithm>

#include <spdlog/spdlog.h>

#include "alerts/facts.hpp"
#include "alerts/journal_key.hpp"
#include "alerts/numbers.hpp"
#include "alerts/terminal_line.hpp"

namespace yagura::app {

using alerts::Held;

namespace {

// As the console says it.
std::string_view reason_of(Held held) { return held == Held::kNot ? std::string_view{} : name_of(held); }

std::span<const Price> levels_of(const Signal& signal, const SignalBuffer& signals) {
  const bool has_levels = signal.kind == RuleKind::kMilestone || signal.kind == RuleKind::kLevel;
  return has_levels ? signals.levels_of(signal) : std::span<const Price>{};
}

}  // namespace

// -- Into the clients' sockets ---------------------------------------------------------------------

void AlertDesk::write(const SignalBuffer& signals) {
  number(signals);
  const auto judged = delivery_.judge(batch_);
  for (std::size_t i = 0; i < batch_.size(); ++i) written_[i].held = judged[i].held;
  heed_silences();
  for (std::size_t i = 0; i < batch_.size(); ++i) {
    auto& [number, held, json, title] = written_[i];
    json.clear();
    // The journal has it from before a crash; what waits must have its words all the same.
    if (number.repeat && held != Held::kPending) continue;
    const auto text = writer_->write(number.seq, batch_[i], levels_of(batch_[i], signals));
    if (outputs_.console && !number.repeat) outputs_.console(number.seq, text, reason_of(held));
    json = text;
    title = writer_->words().title;
  }
}

void AlertDesk::number(const SignalBuffer& signals) {
  batch_.clear();
  for (const auto& signal : signals.signals()) {
    const auto number = journal_.number(alerts::journal_key(signal));
    repeats_ += number.repeat;
    // One that the journal has and the state of delivery has not was decided just before a crash:
    // it is judged for what it means to those after it.
    if (number.repeat && number.seq <= delivery_.judged) continue;
    delivery_.judged = std::max(delivery_.judged, number.seq);
    batch_.push_back(signal);
    if (written_.size() < batch_.size()) written_.emplace_back();
    written_[batch_.size() - 1].number = number;
  }
}

// What the policy would deliver and a person does not want.
void AlertDesk::heed_silences() {
  if (!outputs_.silenced) return;
  for (std::size_t i = 0; i < batch_.size(); ++i) {
    // A withdrawal must reach whoever was told what it takes back.
    if (written_[i].held != Held::kNot || batch_[i].event == Event::kWithdrawn) continue;
    if (!outputs_.silenced(batch_[i])) continue;
    written_[i].held = Held::kSilenced;
    delivery_.withhold();
  }
}

void AlertDesk::rehearse() {
  if (rehearsal_.empty()) return;
  const auto& signal = rehearsal_[rehearsed_++ % rehearsal_.size()];
  if (journal_.knows(alerts::journal_key(signal))) return;
  const auto text = writer_->write(0, signal, std::span{&signal.price, 1});
  if (outputs_.rehearse) outputs_.rehearse(text);
}

// -- Behind that -----------------------------------------------------------------------------------

bool AlertDesk::settle() {
  const auto written = std::span{written_}.first(batch_.size());
  // What was due before this tick goes first, unless it may be of this tick and has no words yet.
  const bool waits = std::ranges::any_of(written, [](const auto& alert) { return alert.held == Held::kPending; });
  bool late = !waits && send_late();
  for (std::size_t i = 0; i < batch_.size(); ++i) {
    if (written[i].held == Held::kPending) delivery_.keep(batch_[i].id, written[i].json);
    if (!written[i].number.repeat) settle(batch_[i], written[i]);
  }
  late = send_late() || late;
  return late;
}

void AlertDesk::settle(const Signal& signal, const Written& written) {
  ++alerts_;
  ++counts_[catalog_.rule(signal).id][static_cast<std::size_t>(signal.severity)];
  if (outputs_.remember) outputs_.remember(written.number.seq, written.json, reason_of(written.held));
  using Which = alerts::Routing::Which;
  const auto which = written.held == Held::kNot ? Which::kNew : Which::kHeld;
  const auto episode = delivery_.episode_of(signal.id);
  journal_.append(written.number.seq, alerts::journal_key(signal), signal.ts_event, written.json,
                  ways_of(signal.rule, signal.severity, signal.event, episode, which));
  if (outputs_.screen != nullptr) show(signal, written);
}

void AlertDesk::use(alerts::Routing routing) {
  outputs_.routing = std::move(routing);
  writer_.emplace(catalog_);
  rehearsal_ = alerts::rehearsal(catalog_);
}

void AlertDesk::rest() {
  journal_.wake();
  if (outputs_.screen != nullptr) outputs_.screen->wake();
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

bool AlertDesk::on_clock(SymbolId symbol, Timestamp now) {
  delivery_.advance(symbol, now);
  const bool late = send_late();
  if (late) rest();
  return late;
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

void AlertDesk::show(const Signal& signal, const Written& written) {
  if (outputs_.format == ScreenFormat::kJson) {
    outputs_.screen->append(written.json);
    return;
  }
  const bool colour = outputs_.format == ScreenFormat::kColour;
  show_date(signal.ts_event, catalog_.instrument(signal).calendar);
  outputs_.screen->append(written.held == Held::kNot
                              ? alerts::plain_line(signal, written.title, catalog_, colour)
                              : alerts::held_line(signal, written.title, catalog_, name_of(written.held), colour));
}

void AlertDesk::show_date(Timestamp t, CalendarKind calendar) {
  const auto date = alerts::local_date(t, calendar);
  if (date == shown_date_) return;
  shown_date_ = date;
  outputs_.screen->append("-- " + to_string(date) + " --");
}

}  // namespace yagura::app

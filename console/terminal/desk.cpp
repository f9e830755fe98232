#include "console/terminal/desk.hpp"

#include <algorithm>
#include <cctype>
#include <utility>
#include <vector>

#include "console/terminal/requests.hpp"
#include "console/terminal/words.hpp"

namespace yagura::console::terminal {
namespace {

std::string lower(std::string_view text) {
  std::string small{text};
  std::transform(small.begin(), small.end(), small.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return small;
}

bool is_control(char32_t c) { return c < 0x20; }

Asker asker_of(const Model& model, std::string_view author, Lang lang) {
  Asker asker{author, lang, {}};
  if (model.state() == nullptr) return asker;
  for (const auto& row : model.state()->instruments) asker.instruments.push_back(row.symbol);
  return asker;
}

}  // namespace

Desk::Desk(Options options) : options_(std::move(options)), lang_(options_.lang), zone_(options_.zone) {}

Command Desk::on_key(Key key, const Model& model, const Look& look, MonoTime now) {
  if (key == Key::of(kCtrlC)) return Quit{};
  if (key == Key::of(kCtrlL)) return Redraw{};
  if (entry_ != Entry::kNone) return on_entry_key(key, model, look);
  if (help_) {
    help_ = false;
    return {};
  }
  const std::ptrdiff_t page = std::max(1, look.size.rows / 2);
  switch (key.code) {
    case Key::Code::kCharacter: return on_character(key.character, model, look, now);
    case Key::Code::kUp: move(model, -1); break;
    case Key::Code::kDown: move(model, 1); break;
    case Key::Code::kPageUp: move(model, -page); break;
    case Key::Code::kPageDown: move(model, page); break;
    case Key::Code::kHome: chosen_.reset(); break;
    case Key::Code::kEnd: move(model, static_cast<std::ptrdiff_t>(Model::kMostAlerts)); break;
    case Key::Code::kEnter: detail_ = !detail_; break;
    case Key::Code::kEscape: detail_ = false; break;
    case Key::Code::kTab: turn_panel(1); break;
    case Key::Code::kBackTab: turn_panel(-1); break;
    default: break;
  }
  return {};
}

Command Desk::on_character(char32_t c, const Model& model, const Look& look, MonoTime now) {
  const auto* const alert = selected(model);
  const auto* const state = model.state();
  const auto instrument = [&]() -> std::string {
    if (alert != nullptr) return alert->instrument + " ";
    return state == nullptr || state->instruments.empty() ? "" : state->instruments.front().symbol + " ";
  };
  switch (c) {
    case U'q': return Quit{};
    case U'?': help_ = true; break;
    case U'k': move(model, -1); break;
    case U'j': move(model, 1); break;
    case U'e': detail_ = !detail_; break;
    case U'f': least_ = static_cast<Level>((static_cast<int>(least_) + 1) % 4); break;
    case U'/': begin(Entry::kFilter, filter_); break;
    case U'a': return acknowledge_seen(model, false, lang(look), now);
    case U'A':
      if (alert != nullptr) begin_reason(*alert);
      break;
    case U'u': return acknowledge_seen(model, true, lang(look), now);
    case U's': begin(Entry::kSilence, alert == nullptr ? "" : alert->rule + " 1h "); break;
    case U'+':
    case U'l': begin(Entry::kAddLevel, instrument()); break;
    case U'-': begin(Entry::kRemoveLevel, instrument()); break;
    case U'L': lang_ = lang_ == Lang::kEnglish ? Lang::kJapanese : Lang::kEnglish; break;
    case U'z': zone_ = static_cast<Zone>((static_cast<int>(zone_) + 1) % 3); break;
    default: break;
  }
  return {};
}

void Desk::begin(Entry entry, std::string_view text) {
  entry_ = entry;
  line_.set(text);
  problem_.clear();
}

// What comes while the reason is written is not what it is about.
void Desk::begin_reason(const AlertRow& alert) {
  begin(Entry::kAcknowledge, {});
  if (chosen_) return;
  chosen_ = Choice{alert.seq, alert.id, alert.event};
  pinned_by_entry_ = true;
}

void Desk::end_entry() {
  entry_ = Entry::kNone;
  if (std::exchange(pinned_by_entry_, false)) chosen_.reset();
}

Command Desk::on_entry_key(Key key, const Model& model, const Look& look) {
  if (key.code == Key::Code::kEscape) {
    end_entry();
    return {};
  }
  if (key.code == Key::Code::kEnter) return submit(model, lang(look));
  problem_.clear();
  if (key.code != Key::Code::kCharacter || !is_control(key.character) || key.character == kCtrlU ||
      key.character == kCtrlW)
    line_.on_key(key);
  return {};
}

// What cannot be taken stays in the line, with the reason beside it.
Command Desk::submit(const Model& model, Lang lang) {
  const auto text = line_.text();
  const auto asker = asker_of(model, options_.author, lang);
  const auto send = [&](Result<Request> request) -> Command {
    if (!request) {
      problem_ = request.error().message;
      return {};
    }
    entry_ = Entry::kNone;
    return *std::move(request);
  };
  switch (entry_) {
    case Entry::kAddLevel: return send(level_request(asker, text));
    case Entry::kRemoveLevel: return send(unlevel_request(asker, text));
    case Entry::kSilence: return send(silence_request(asker, text));
    case Entry::kAcknowledge: {
      auto request = acknowledge(model, false, text, lang);
      end_entry();
      return request;
    }
    case Entry::kFilter: filter_ = text; break;
    case Entry::kNone: break;
  }
  entry_ = Entry::kNone;
  return {};
}

Command Desk::acknowledge_seen(const Model& model, bool taken_back, Lang lang, MonoTime now) {
  const auto* const alert = selected(model);
  if (alert != nullptr && !chosen_ && now - alert->came < kGlance) {
    outcome(std::string{say(lang, "too_soon")}, now);
    return {};
  }
  return acknowledge(model, taken_back, {}, lang);
}

Command Desk::acknowledge(const Model& model, bool taken_back, std::string_view reason, Lang lang) {
  const auto* const alert = selected(model);
  if (alert == nullptr) return {};
  const auto asker = asker_of(model, options_.author, lang);
  return taken_back ? unacknowledge_request(asker, *alert) : acknowledge_request(asker, *alert, reason);
}

void Desk::turn_panel(int by) {
  constexpr int kPanels = 6;
  panel_ = static_cast<Panel>((static_cast<int>(panel_) + by + kPanels) % kPanels);
}

void Desk::outcome(std::string text, MonoTime now) {
  outcome_ = std::move(text);
  outcome_at_ = now;
}

std::string_view Desk::outcome(MonoTime now) const {
  return outcome_at_ && now - *outcome_at_ < kOutcomeFor ? std::string_view{outcome_} : std::string_view{};
}

Lang Desk::lang(const Look& look) const { return look.unicode ? lang_ : Lang::kEnglish; }

std::string Desk::filter() const { return entry_ == Entry::kFilter ? line_.text() : filter_; }

bool Desk::passes(const AlertRow& alert) const {
  if (alert.severity < least_) return false;
  const auto wanted = lower(filter());
  if (wanted.empty()) return true;
  const auto words = lower(alert.title + '\n' + alert.title_ja + '\n' + alert.instrument + '\n' + alert.rule + '\n' +
                           alert.kind + '\n' + alert.event);
  for (std::size_t at = 0; at < wanted.size();) {
    const auto end = std::min(wanted.find(' ', at), wanted.size());
    if (words.find(std::string_view{wanted}.substr(at, end - at)) == std::string::npos) return false;
    at = end + 1;
  }
  return true;
}

const AlertRow* Desk::selected(const Model& model) const {
  const auto& alerts = model.alerts();
  const AlertRow* last = nullptr;  // the oldest that passes
  const AlertRow* near = nullptr;  // where the chosen one would stand, should it be filtered away or gone
  for (auto alert = alerts.rbegin(); alert != alerts.rend(); ++alert) {
    if (!passes(*alert)) continue;
    if (!chosen_ || (alert->seq == chosen_->seq && alert->id == chosen_->id && alert->event == chosen_->event))
      return &*alert;
    if (near == nullptr && alert->seq <= chosen_->seq) near = &*alert;
    last = &*alert;
  }
  return near == nullptr ? last : near;
}

// Down is towards the older ones. At the newest it follows whatever comes.
void Desk::move(const Model& model, std::ptrdiff_t by) {
  std::vector<const AlertRow*> rows;
  const auto& alerts = model.alerts();
  for (auto alert = alerts.rbegin(); alert != alerts.rend(); ++alert) {
    if (passes(*alert)) rows.push_back(&*alert);
  }
  if (rows.empty()) return;
  const auto at = std::find(rows.begin(), rows.end(), selected(model)) - rows.begin();
  const auto to = std::clamp<std::ptrdiff_t>(at + by, 0, static_cast<std::ptrdiff_t>(rows.size()) - 1);
  const auto* const alert = rows[static_cast<std::size_t>(to)];
  if (to == 0)
    chosen_.reset();
  else
    chosen_ = Choice{alert->seq, alert->id, alert->event};
}

}  // namespace yagura::console::terminal

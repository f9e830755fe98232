// What one viewer looks at, and what the keys do. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "console/terminal/command.hpp"
#include "console/terminal/entry_line.hpp"
#include "console/terminal/key.hpp"
#include "console/terminal/look.hpp"
#include "console/terminal/model.hpp"

namespace yagura::console::terminal {

class Desk {
 public:
  struct Options {
    std::string author;  // of acknowledgements, silences and levels; empty: the server's word
    Lang lang = Lang::kEnglish;
    Zone zone = Zone::kMarket;
  };
  enum class Entry : std::uint8_t { kNone, kFilter, kAcknowledge, kSilence, kAddLevel, kRemoveLevel };
  enum class Panel : std::uint8_t { kTape, kPrices, kDistances, kPair, kFeeds, kLatency };  // what a small screen shows

  explicit Desk(Options options);

  // `look` is the one drawn with: pages are as long as its tape, Japanese needs its Unicode.
  Command on_key(Key key, const Model& model, const Look& look, MonoTime now);
  // Nobody has seen a younger alert: what follows the newest does not acknowledge it.
  static constexpr Duration kGlance = std::chrono::milliseconds{700};
  // How a Request went: shown for kOutcomeFor.
  static constexpr Duration kOutcomeFor = std::chrono::seconds{8};
  void outcome(std::string text, MonoTime now);

  [[nodiscard]] std::string_view outcome(MonoTime now) const;
  [[nodiscard]] Lang lang(const Look& look) const;
  [[nodiscard]] Zone zone() const { return zone_; }
  [[nodiscard]] bool help() const { return help_; }
  [[nodiscard]] bool detail() const { return detail_; }
  [[nodiscard]] Panel panel() const { return panel_; }
  [[nodiscard]] Entry entry() const { return entry_; }
  [[nodiscard]] const EntryLine& line() const { return line_; }
  [[nodiscard]] const std::string& problem() const { return problem_; }  // why the entry was not taken

  [[nodiscard]] std::string filter() const;  // while it is written what stands there
  [[nodiscard]] Level least() const { return least_; }
  [[nodiscard]] bool passes(const AlertRow& alert) const;
  // The alert that keys act on: the chosen one, else the newest that passes; null when there is none.
  [[nodiscard]] const AlertRow* selected(const Model& model) const;
  [[nodiscard]] bool follows() const { return !chosen_; }  // the newest, whatever comes

 private:
  // Which alert: numbers may be given again after a crash, an id is a withdrawal's too.
  struct Choice {
    std::uint64_t seq;
    std::string id, event;
  };
  Command on_entry_key(Key key, const Model& model, const Look& look);
  Command on_character(char32_t c, const Model& model, const Look& look, MonoTime now);
  Command submit(const Model& model, Lang lang);
  // `a` and `u`: at once, with what is selected now.
  Command acknowledge_seen(const Model& model, bool taken_back, Lang lang, MonoTime now);
  void begin(Entry entry, std::string_view text);
  void begin_reason(const AlertRow& alert);
  void end_entry();
  void move(const Model& model, std::ptrdiff_t by);
  void turn_panel(int by);
  Command acknowledge(const Model& model, bool taken_back, std::string_view reason, Lang lang);

  Options options_;
  Lang lang_;
  Zone zone_;
  bool help_ = false;
  bool detail_ = false;
  Panel panel_ = Panel::kTape;
  Entry entry_ = Entry::kNone;
  EntryLine line_;
  std::string problem_;
  std::string filter_;
  Level least_ = Level::kInfo;
  std::optional<Choice> chosen_;  // none: the newest
  bool pinned_by_entry_ = false;  // chosen for as long as the entry is open
  std::string outcome_;
  std::optional<MonoTime> outcome_at_;
};

}  // namespace yagura::console::terminal

#include "processing/calendar_file.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <span>

namespace yagura::processing {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr std::size_t kMaxProblems = 10;
constexpr std::size_t kMaxBytes = std::size_t{1} << 20;
constexpr std::size_t kMaxName = 60;
constexpr auto kLatestPhase = hours{36};

std::string_view take_word(std::string_view& line) {
  constexpr std::string_view kSpace = " \t\r";
  const auto first = line.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return line = {};
  line.remove_prefix(first);
  const auto word = line.substr(0, line.find_first_of(kSpace));
  line.remove_prefix(word.size());
  return word;
}

// What is left of a line, without the space around it.
std::string_view rest_of(std::string_view line) {
  const auto first = line.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
}

std::optional<int> number(std::string_view text, int low, int high) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < low || value > high) return std::nullopt;
  return value;
}

// "09:05"; hours beyond 24 are the night after.
std::optional<Duration> time_of_day(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto hour = number(text.substr(0, 2), 0, 36);
  const auto minute = number(text.substr(3), 0, 59);
  if (!hour || !minute || text[0] == '-' || text[3] == '-') return std::nullopt;
  return hours{*hour} + minutes{*minute};
}

std::string quoted(std::string_view text) { return "'" + std::string(text.substr(0, 40)) + "'"; }

class Reader {
 public:
  explicit Reader(CalendarKind kind) : kind_(kind) {}

  CalendarFile run(std::string_view text) {
    if (text.size() > kMaxBytes) {
      complain("is larger than 1 MiB");
      return std::move(file_);
    }
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    while (!text.empty() && file_.problems.size() < kMaxProblems) {
      ++line_;
      const auto end = text.find('\n');
      read_line(text.substr(0, end));
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    line_ = 0;
    if (file_.problems.empty()) check_whole();
    return std::move(file_);
  }

 private:
  [[nodiscard]] bool fx() const { return kind_ == CalendarKind::kFx; }
  void complain(std::string what) { file_.problems.push_back({line_, std::move(what)}); }

  void read_line(std::string_view line) {
    auto rest = line;
    const auto word = take_word(rest);
    if (word.empty() || word.front() == '#') return;
    if (word.front() >= '0' && word.front() <= '9') return read_phase(word, rest);
    if (word == "zone") return read_zone(rest);
    if (word == "hours") return read_hours(rest);
    if (word == "years") return read_years(rest);
    if (word == "yearly") return read_yearly(rest);
    if (word == "holiday") return read_holiday(rest);
    if (word == "closed" && !fx()) return read_date(file_.data.closures, rest);
    if (word == "holidays_trade_from" && kind_ == CalendarKind::kOse) {
      if (const auto date = take_date(rest)) file_.data.holidays_trade_from = *date;
      return expect_end(rest);
    }
    if (word == "tag" && fx()) return read_tag(rest);
    complain(quoted(word) +
             " begins no line of this calendar; wanted a time such as 09:00, or zone, hours, years, "
             "yearly, holiday" +
             (fx()                          ? ", tag"
              : kind_ == CalendarKind::kOse ? ", closed, holidays_trade_from"
                                            : ", closed"));
  }

  void expect_end(std::string_view rest) {
    if (!rest_of(rest).empty()) complain(quoted(rest_of(rest)) + " is too much on this line");
  }

  std::optional<Date> take_date(std::string_view& rest) {
    const auto word = take_word(rest);
    const auto date = parse_date(word);
    if (!date) complain(quoted(word) + " is no date; wanted YYYY-MM-DD");
    return date;
  }

  std::string take_name(std::string_view rest) {
    const auto name = rest_of(rest);
    const bool printable = std::ranges::none_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
    if (name.empty() || name.size() > kMaxName || !printable)
      complain("wanted a reason of up to " + std::to_string(kMaxName) + " characters at the end of the line");
    return std::string(name);
  }

  void read_zone(std::string_view rest) {
    const std::string_view wanted = fx() ? "America/New_York" : "Asia/Tokyo";
    has_zone_ = true;
    if (const auto zone = rest_of(rest); zone != wanted)
      complain("zone " + quoted(zone) + ": this calendar runs on " + std::string(wanted));
  }

  void read_hours(std::string_view rest) {
    const auto date = take_date(rest);
    expect_end(rest);
    if (!date) return;
    auto& all = file_.data.hours;
    if (!all.empty() && all.back().effective_from >= *date)
      complain("hours from " + to_string(*date) + " stand behind later ones; oldest first, each date once");
    all.push_back({*date, {}});
  }

  void read_phase(std::string_view time, std::string_view rest) {
    DayPhase phase;
    const auto from = time_of_day(time);
    if (!from || *from > kLatestPhase) return complain(quoted(time) + " is no time from 00:00 to 36:00");
    phase.from = *from;
    if (file_.data.hours.empty()) return complain("a time stands before the first 'hours DATE'");
    auto& phases = file_.data.hours.back().phases;
    if (!phases.empty() && phases.back().from >= phase.from)
      return complain(std::string(time) + " stands behind a later time; times must rise");
    const auto name = take_word(rest);
    const bool good =
        !name.empty() && name.size() <= 16 && std::ranges::all_of(name, [](char c) { return c >= 'a' && c <= 'z'; });
    if (!good) return complain(quoted(name) + " is no name of a phase; wanted a-z, up to 16");
    phase.name = name;
    for (auto tag = take_word(rest); !tag.empty(); tag = take_word(rest)) {
      if (!set_tag(phase, tag)) return complain(quoted(tag) + " is none of " + phase_tags());
    }
    if (!phase.open && (phase.opening || phase.close || phase.pre_close || phase.trailing || phase.next_date))
      return complain("a phase with tags must be open");
    phases.push_back(std::move(phase));
  }

  [[nodiscard]] std::string phase_tags() const {
    if (fx()) return "open";
    return kind_ == CalendarKind::kTse ? "open, opening, close, pre_close, trailing"
                                       : "open, opening, pre_close, trailing, next_date";
  }

  bool set_tag(DayPhase& phase, std::string_view tag) const {
    if (tag == "open") return phase.open = true;
    if (fx()) return false;
    if (tag == "opening") return phase.opening = true;
    if (tag == "pre_close") return phase.pre_close = true;
    if (tag == "trailing") return phase.trailing = true;
    if (tag == "close" && kind_ == CalendarKind::kTse) return phase.close = true;
    if (tag == "next_date" && kind_ == CalendarKind::kOse) return phase.next_date = true;
    return false;
  }

  void read_years(std::string_view rest) {
    const auto first = number(take_word(rest), 1900, 2200);
    const auto last = number(take_word(rest), 1900, 2200);
    if (!first || !last || *first > *last) return complain("wanted 'years FIRST LAST', such as years 2022 2027");
    file_.data.first_year = std::chrono::year{*first};
    file_.data.last_year = std::chrono::year{*last};
    expect_end(rest);
  }

  void read_yearly(std::string_view rest) {
    const auto word = take_word(rest);
    const auto date = parse_date("2000-" + std::string(word));  // a leap year
    if (!date) return complain(quoted(word) + " is no day of the year; wanted MM-DD");
    const std::chrono::year_month_day ymd{*date};
    file_.data.yearly.push_back({ymd.month() / ymd.day(), take_name(rest)});
  }

  void read_holiday(std::string_view rest) {
    if (!fx()) {
      if (kind_ == CalendarKind::kOse) return complain("holidays of ose are those of tse; put them there");
      return read_date(file_.data.holidays, rest);
    }
    const auto centre = take_word(rest);
    if (centre == "london") return read_date(file_.data.london, rest);
    if (centre == "new_york") return read_date(file_.data.new_york, rest);
    complain(quoted(centre) + " is neither london nor new_york; holidays of Tokyo are those of tse");
  }

  void read_date(std::vector<NamedDate>& dates, std::string_view rest) {
    const auto date = take_date(rest);
    if (!date) return;
    const auto at = std::ranges::lower_bound(dates, *date, {}, &NamedDate::date);
    if (at != dates.end() && at->date == *date) return complain(to_string(*date) + " stands there twice");
    dates.insert(at, {*date, take_name(rest)});
  }

  void read_tag(std::string_view rest) {
    const auto tag = take_word(rest);
    const auto from_text = take_word(rest), to_text = take_word(rest);
    const auto from = time_of_day(from_text), to = time_of_day(to_text);
    if ((tag != "rollover" && tag != "thin") || !from || !to || *from >= *to || *to > hours{24})
      return complain("wanted 'tag rollover HH:MM HH:MM' or 'tag thin HH:MM HH:MM', the first time before the second");
    (tag == "thin" ? file_.data.thin : file_.data.rollover) = {*from, *to};
    expect_end(rest);
  }

  void check_whole() {
    auto& data = file_.data;
    if (!has_zone_) complain("has no line 'zone ...'");
    if (data.hours.empty()) return complain("has no 'hours DATE' with the times of a day");
    for (const auto& holiday : data.holidays) {
      const auto year = std::chrono::year_month_day{holiday.date}.year();
      if (year < data.first_year || year > data.last_year)
        return complain("holiday " + to_string(holiday.date) + " is outside of 'years'");
    }
    for (auto& table : data.hours) {
      if (auto problem = fx() ? problem_of_fx(table) : problem_of(table.phases); !problem.empty())
        return complain("hours from " + to_string(table.effective_from) + " " + problem);
    }
  }

  static std::string problem_of_fx(const DayHours& table) {
    const auto& phases = table.phases;
    if (phases.size() == 1 && phases[0].open && phases[0].from < hours{24}) return {};
    return "must have one open line: the time at which the trading date changes";
  }

  // Numbers the segments, too.
  [[nodiscard]] std::string problem_of(std::vector<DayPhase>& phases) const {
    const auto first = std::ranges::find_if(phases, &DayPhase::open);
    if (first == phases.end()) return "are never open";
    if (phases.back().open) return "never close: the last line must not be open";
    if (phases.back().from - hours{24} > first->from) return "reach into those of the next day";
    if (kind_ == CalendarKind::kTse && phases.back().from > hours{24}) return "end after midnight";
    if (kind_ == CalendarKind::kTse && std::ranges::none_of(phases, &DayPhase::close))
      return "have no 'close' in which the closing value comes";
    if (std::ranges::none_of(phases, [](const DayPhase& p) { return p.open && !p.next_date; }))
      return "have nothing on the trading date itself";
    int segments = 0;
    for (std::size_t i = 0; i < phases.size(); ++i) {
      if (phases[i].open && (i == 0 || !phases[i - 1].open)) ++segments;
      phases[i].segment = std::max(segments - 1, 0);
    }
    return segments > kMaxSegments ? "open more than " + std::to_string(kMaxSegments) + " times a day" : "";
  }

  CalendarKind kind_;
  CalendarFile file_;
  std::size_t line_ = 0;
  bool has_zone_ = false;
};

}  // namespace

CalendarFile read_calendar(CalendarKind kind, std::string_view text) { return Reader{kind}.run(text); }

}  // namespace yagura::processing

#include "alerts/mail/price_chart.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <vector>

#include "alerts/mail/png.hpp"
#include "alerts/numbers.hpp"

namespace yagura::alerts {
namespace {

constexpr auto kBefore = std::chrono::hours{3};
constexpr std::size_t kMostLevels = 5;

constexpr int kWidth = 960, kHeight = 320;
constexpr int kLeft = 16, kRight = 190, kTop = 20, kBottom = 44;  // margins
constexpr int kPlotWidth = kWidth - kLeft - kRight, kPlotHeight = kHeight - kTop - kBottom;
constexpr int kScale = 3;  // of the letters
constexpr int kLabelHeight = Raster::kTextHeight * kScale;
constexpr int kStroke = 3;

enum : std::uint8_t { kPaper, kGrid, kInk, kLine, kLevel, kMoment };
constexpr Colour kPalette[] = {{250, 250, 250}, {226, 228, 232}, {95, 99, 104},
                               {26, 92, 190},   {214, 120, 0},   {197, 34, 31}};

// What is beyond is no price of ours, and sums of three of them still fit.
constexpr std::int64_t kLargest = 1'000'000'000 * Price::kScale;
bool drawable(Price price) { return price.raw() >= -kLargest && price.raw() <= kLargest; }

// What the alert itself names: where to draw lines and which price to mark.
struct Subject {
  std::vector<Price> levels;
  std::optional<Price> price;
};

Subject subject_of(const std::string& json) {
  Subject subject;
  simdjson::dom::parser parser;
  simdjson::dom::object alert;
  if (parser.parse(json).get(alert) != simdjson::SUCCESS) return subject;
  const auto add = [&](std::string_view text) {
    const auto price = parse_price(text);
    auto& levels = subject.levels;
    if (price && drawable(*price) && levels.size() < kMostLevels &&
        std::find(levels.begin(), levels.end(), *price) == levels.end())
      levels.push_back(*price);
  };
  std::string_view text;
  if (alert["price"].get(text) == simdjson::SUCCESS) subject.price = parse_price(text);
  if (subject.price && !drawable(*subject.price)) subject.price.reset();
  for (const char* key : {"level", "record_before", "reference", "start"}) {
    if (alert[key].get(text) == simdjson::SUCCESS) add(text);
  }
  simdjson::dom::array levels;
  if (alert["levels"].get(levels) == simdjson::SUCCESS) {
    for (const auto level : levels) {
      if (level.get(text) == simdjson::SUCCESS) add(text);
    }
  }
  return subject;
}

// A round step that cuts `span` into three to seven parts.
std::int64_t round_step(std::int64_t span) {
  std::int64_t step = 1;
  while (step * 50 < span) step *= 10;
  for (const std::int64_t factor : {1, 2, 5, 10, 20}) {
    if (span / (step * factor) <= 6) return step * factor;
  }
  return step * 50;
}

class Chart {
 public:
  Chart(const InstrumentInfo& instrument, std::vector<PricePoint> points, Subject subject, Timestamp moment)
      : instrument_(instrument), points_(std::move(points)), subject_(std::move(subject)), moment_(moment) {
    from_ = points_.front().from;
    to_ = std::max(points_.back().from + RecentPrices::kStep, moment_);
    set_range();
  }

  std::string draw() {
    draw_prices_axis();
    draw_time_axis();
    draw_levels();
    draw_line();
    draw_moment();
    return to_png(raster_, kPalette);
  }

 private:
  void set_range();
  void draw_prices_axis();
  void draw_time_axis();
  void draw_levels();
  void draw_price_label(Price price, std::uint8_t colour);
  void draw_line();
  void draw_moment();
  [[nodiscard]] int x_of(Timestamp t) const {
    const auto part = static_cast<double>((t - from_).count()) / static_cast<double>((to_ - from_).count());
    return kLeft + static_cast<int>(part * kPlotWidth);
  }
  [[nodiscard]] int y_of(Price price) const {
    const auto part = static_cast<double>(high_ - price.raw()) / static_cast<double>(high_ - low_);
    return kTop + static_cast<int>(part * kPlotHeight);
  }
  [[nodiscard]] bool shown(Price price) const { return price.raw() >= low_ && price.raw() <= high_; }

  const InstrumentInfo& instrument_;
  const std::vector<PricePoint> points_;
  const Subject subject_;
  const Timestamp moment_;
  Timestamp from_, to_;
  std::int64_t low_ = 0, high_ = 0;  // raw prices at the plot's edges
  Raster raster_{kWidth, kHeight};
};

// All prices, and the levels that do not flatten them: those within one span of the prices.
void Chart::set_range() {
  low_ = points_.front().low.raw();
  high_ = low_;
  const auto widen = [this](std::int64_t raw) {
    low_ = std::min(low_, raw);
    high_ = std::max(high_, raw);
  };
  for (const auto& point : points_) {
    widen(point.low.raw());
    widen(point.high.raw());
  }
  if (subject_.price) widen(subject_.price->raw());
  const auto span = std::max(high_ - low_, instrument_.tick.raw() * 4);
  const auto lowest = low_ - span, highest = high_ + span;
  for (const auto level : subject_.levels) {
    if (level.raw() >= lowest && level.raw() <= highest) widen(level.raw());
  }
  const auto margin = std::max({(high_ - low_) / 12, instrument_.tick.raw(), std::int64_t{1}});
  low_ -= margin;
  high_ += margin;
}

void Chart::draw_prices_axis() {
  const auto step = std::max(round_step(high_ - low_), instrument_.tick.raw());
  for (auto raw = (low_ / step + 1) * step; raw <= high_; raw += step) {
    const auto price = Price::from_raw(raw);
    const int y = y_of(price);
    raster_.fill(kLeft, y, kPlotWidth, 1, kGrid);
    const bool at_level = std::any_of(subject_.levels.begin(), subject_.levels.end(),
                                      [&](Price level) { return std::abs(y_of(level) - y) < kLabelHeight; });
    if (!at_level) draw_price_label(price, kInk);
  }
}

void Chart::draw_time_axis() {
  using std::chrono::minutes;
  const auto span = to_ - from_;
  auto step = minutes{60};
  for (const auto shorter : {minutes{1}, minutes{2}, minutes{5}, minutes{10}, minutes{15}, minutes{30}, minutes{60}}) {
    if (span / shorter <= 5) {
      step = shorter;
      break;
    }
  }
  raster_.fill(kLeft, kTop + kPlotHeight, kPlotWidth, 2, kGrid);
  const int y = kTop + kPlotHeight + 14;
  // Every offset of ours is whole hours, so a round time here is one there.
  auto at = Timestamp{Duration{(to_ns(from_) / Duration{step}.count() + 1) * Duration{step}.count()}};
  for (; at <= to_; at += step) {
    const auto label = local_time_text(at, instrument_.calendar).substr(0, 5);
    const int width = Raster::text_width(label, kScale), x = x_of(at) - width / 2;
    raster_.fill(x_of(at), kTop, 1, kPlotHeight, kGrid);
    if (x >= 0 && x + width <= kLeft + kPlotWidth) raster_.text(x, y, label, kScale, kInk);
  }
  raster_.text(kLeft + kPlotWidth + 12, y, local_time_text(from_, instrument_.calendar).substr(9), kScale, kInk);
}

// Labels where there is room; the headline comes first.
void Chart::draw_levels() {
  std::vector<int> labelled;
  for (const auto level : subject_.levels) {
    if (!shown(level)) continue;
    const int y = y_of(level);
    for (int x = kLeft; x < kLeft + kPlotWidth; x += 16) raster_.fill(x, y - 1, 9, 3, kLevel);
    if (std::any_of(labelled.begin(), labelled.end(), [y](int other) { return std::abs(other - y) < kLabelHeight; }))
      continue;
    labelled.push_back(y);
    draw_price_label(level, kLevel);
  }
}

void Chart::draw_price_label(Price price, std::uint8_t colour) {
  raster_.text(kLeft + kPlotWidth + 12, y_of(price) - kLabelHeight / 2, level_text(price), kScale, colour);
}

// Each point a bar from low to high; the way from one to the next as a step, unless time was left out.
void Chart::draw_line() {
  for (std::size_t i = 0; i < points_.size(); ++i) {
    const auto& point = points_[i];
    const int x = x_of(point.from);
    const int top = y_of(std::max(point.high, point.low)), bottom = y_of(std::min(point.high, point.low));
    raster_.fill(x, top - kStroke / 2, kStroke, bottom - top + kStroke, kLine);
    if (i == 0 || point.from - points_[i - 1].from > std::chrono::minutes{10}) continue;
    const int before_x = x_of(points_[i - 1].from), y = y_of(points_[i - 1].last);
    raster_.fill(before_x, y - kStroke / 2, x - before_x + kStroke, kStroke, kLine);
    raster_.fill(x, std::min(y, top) - kStroke / 2, kStroke, std::max(y, bottom) - std::min(y, top) + kStroke, kLine);
  }
}

void Chart::draw_moment() {
  const int x = x_of(moment_);
  for (int y = kTop; y < kTop + kPlotHeight; y += 8) raster_.fill(x, y, 2, 4, kMoment);
  if (!subject_.price || !shown(*subject_.price)) return;
  const int y = y_of(*subject_.price);
  for (int dy = -8; dy <= 8; ++dy) {
    for (int dx = -8; dx <= 8; ++dx) {
      if (dx * dx + dy * dy <= 64) raster_.set(x + dx, y + dy, dx * dx + dy * dy <= 36 ? kMoment : kPaper);
    }
  }
}

}  // namespace

std::string price_chart(const Letter& letter, const RecentPrices& recent) {
  const auto symbol = recent.find(letter.instrument);
  if (!symbol) return {};
  auto points = recent.since(*symbol, letter.ts_event - kBefore);
  std::erase_if(points, [](const PricePoint& point) { return !drawable(point.low) || !drawable(point.high); });
  if (points.size() < 2 || letter.ts_event < points.front().from) return {};
  return Chart{recent.instrument(*symbol), std::move(points), subject_of(letter.json), letter.ts_event}.draw();
}

}  // namespace yagura::alerts
